#include "cli/output/html_printer.hpp"

#include <fmt/format.h>

#include "cli/output/html_matched_points.hpp"
#include "cli/output/html_page.hpp"
#include "cli/output/score_explanation.hpp"
#include "core/text/ascii.hpp"
#include "core/text/escape.hpp"

namespace pmatch::cli {
namespace {

constexpr int kQueryPicture = 240;  // pixels
constexpr int kItemPicture = 140;
constexpr std::size_t kMostQueryPictures = 4;

class HtmlPrinter : public AnswerPrinter {
public:
    HtmlPrinter(std::ostream& out, const AnswerDetails& details) : out_(out), details_(details) {
        out_ << html_head(
            "Answers of pmatch query",
            "Best first. Of each list: the item's rank in it, its score there as it is "
            "(raw) and normalised, and what that adds to the score in blue.");
    }

    void print(const std::vector<Query>& queries,
               const std::vector<AnsweredQuery>& answered) override {
        for (std::size_t i = 0; i < answered.size(); ++i) {
            out_ << "<section>\n";
            print_query(queries[i], answered[i]);
            out_ << "<div class=\"items\">\n";
            for (std::size_t at = 0; at < answered[i].result.answers.size(); ++at)
                print_item(queries[i], answered[i], at);
            out_ << "</div></section>\n" << std::flush;
        }
    }

    void finish() override { out_ << html_tail() << std::flush; }

private:
    void print_query(const Query& query, const AnsweredQuery& answered) {
        out_ << fmt::format("<div class=\"query\"><h2>{}</h2>\n", html_escaped(query.id));
        std::size_t shown = 0;
        for (const auto& file : query.pictures) {
            if (shown++ < kMostQueryPictures) out_ << html_picture(file, kQueryPicture);
        }
        out_ << fmt::format("<p>{}</p>\n", html_escaped(query.text));
        if (answered.recipe != nullptr)
            out_ << fmt::format("<p class=\"id\">preset {}</p>\n",
                                html_escaped(answered.recipe->name));
        if (!answered.problem.code.empty()) {
            out_ << fmt::format("<p class=\"problem\">{}: {}</p>\n",
                                html_escaped(answered.problem.code),
                                html_escaped(answered.problem.detail));
        } else if (answered.result.answers.empty()) {
            out_ << "<p class=\"problem\">no match</p>\n";
        }
        out_ << "</div>\n";
    }

    void print_item(const Query& query, const AnsweredQuery& answered, std::size_t at) {
        const auto& answer = answered.result.answers[at];
        const auto& item = answered.ranked[at];
        const auto pictures = details_.items->pictures_of(item.row);
        const auto pair =
            html_matched_points(item.verified.get(), query.pictures, pictures, kItemPicture);
        out_ << (pair.empty() ? "<div class=\"item\">\n" : "<div class=\"item pair\">\n") << pair;
        if (pair.empty() && !pictures.empty()) out_ << html_picture(pictures.front(), kItemPicture);
        out_ << fmt::format(
            "<b>{}.</b> {} <span class=\"score\">{:.4f}</span> "
            "<span class=\"id\">{}</span>\n",
            at + 1, html_escaped(details_.items->title_of(item.row)), answer.score,
            html_escaped(answer.item));
        print_price(item.row);
        print_explanation(item, *answered.recipe);
        out_ << "</div>\n";
    }

    void print_price(std::int64_t row) {
        for (const auto& [name, cell] : details_.items->fields_of(row)) {
            if (ascii::lowercase(name) == "price" && !cell.empty())
                out_ << fmt::format("<div class=\"price\">{}</div>\n", html_escaped(cell));
        }
    }

    void print_explanation(const RankedItem& item, const Recipe& recipe) {
        out_ << "<table><tr><th>list</th><th>rank</th><th>raw</th><th>norm.</th><th>adds</th></tr>";
        for (const auto& list : explain_lists(item, recipe)) {
            out_ << fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                html_escaped(list.list), list.rank, list.raw, list.normalised,
                                list.contribution);
        }
        const auto gate = explain_gate(item, recipe);
        if (!gate.empty())
            out_ << fmt::format("<tr><td colspan=\"5\">{}</td></tr>", html_escaped(gate));
        out_ << "</table>\n";
    }

    std::ostream& out_;
    AnswerDetails details_;
};

}  // namespace

std::unique_ptr<AnswerPrinter> make_html_printer(std::ostream& out, const AnswerDetails& details) {
    return std::make_unique<HtmlPrinter>(out, details);
}

}  // namespace pmatch::cli
