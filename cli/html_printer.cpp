#include "cli/html_printer.hpp"

#include <fmt/format.h>

#include "cli/explain.hpp"
#include "data/thumbnail.hpp"

namespace pmatch::cli {
namespace {

constexpr int kQueryPicture = 240;  // pixels
constexpr int kItemPicture = 140;
constexpr std::size_t kMostQueryPictures = 4;

constexpr const char* kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>pmatch query</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
body { font: 14px/1.4 sans-serif; margin: 1em; color: #222; background: #fff }
section { display: flex; gap: 1.5em; border-top: 1px solid #ccc; padding: 1em 0 }
.query { flex: 0 0 16em; overflow-wrap: anywhere }
.items { display: flex; flex-wrap: wrap; gap: 1em; flex: 1 }
.item { width: 13em; overflow-wrap: anywhere }
img { max-width: 100%; display: block; margin-bottom: .3em }
.score { color: #06c } .problem { color: #b00 } .id { color: #777 }
table { border-collapse: collapse; font-size: 11px; width: 100% }
td, th { text-align: right; padding: 0 .3em; border-top: 1px solid #eee; font-weight: normal }
td:first-child, th:first-child { text-align: left }
</style></head><body>
)html";

/// Nothing of a catalog or query is markup.
std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string picture(const std::filesystem::path& file, int side) {
    const auto uri = thumbnail_uri(file, side);
    return uri.empty() ? "" : fmt::format("<img alt=\"\" src=\"{}\">\n", uri);
}

class HtmlPrinter : public AnswerPrinter {
public:
    HtmlPrinter(std::ostream& out, const AnswerDetails& details) : out_(out), details_(details) {
        out_ << kHead;
    }

    void print(const std::vector<Query>& queries,
               const std::vector<AnsweredQuery>& answered) override {
        for (std::size_t i = 0; i < answered.size(); ++i) {
            out_ << "<section>\n";
            print_query(queries[i], answered[i]);
            out_ << "<div class=\"items\">\n";
            for (std::size_t at = 0; at < answered[i].result.answers.size(); ++at)
                print_item(answered[i], at);
            out_ << "</div></section>\n" << std::flush;
        }
    }

    void finish() override { out_ << "</body></html>\n" << std::flush; }

private:
    void print_query(const Query& query, const AnsweredQuery& answered) {
        out_ << fmt::format("<div class=\"query\"><h3>{}</h3>\n", escaped(query.id));
        std::size_t shown = 0;
        for (const auto& file : query.pictures) {
            if (shown++ < kMostQueryPictures) out_ << picture(file, kQueryPicture);
        }
        out_ << fmt::format("<p>{}</p>\n", escaped(query.text));
        if (answered.recipe != nullptr)
            out_ << fmt::format("<p class=\"id\">preset {}</p>\n", escaped(answered.recipe->name));
        if (!answered.problem.code.empty()) {
            out_ << fmt::format("<p class=\"problem\">{}: {}</p>\n", escaped(answered.problem.code),
                                escaped(answered.problem.detail));
        } else if (answered.result.answers.empty()) {
            out_ << "<p class=\"problem\">no match</p>\n";
        }
        out_ << "</div>\n";
    }

    void print_item(const AnsweredQuery& answered, std::size_t at) {
        const auto& answer = answered.result.answers[at];
        const auto& item = answered.ranked[at];
        out_ << "<div class=\"item\">\n";
        const auto pictures = details_.items->pictures_of(item.row);
        if (!pictures.empty()) out_ << picture(pictures.front(), kItemPicture);
        out_ << fmt::format(
            "<b>{}.</b> {} <span class=\"score\">{:.4f}</span> "
            "<span class=\"id\">{}</span>\n",
            at + 1, escaped(details_.items->title_of(item.row)), answer.score,
            escaped(answer.item));
        print_explanation(item, *answered.recipe);
        out_ << "</div>\n";
    }

    void print_explanation(const RankedItem& item, const Recipe& recipe) {
        out_ << "<table><tr><th>list</th><th>rank</th><th>raw</th><th>norm.</th><th>adds</th></tr>";
        for (const auto& list : explain_lists(item, recipe)) {
            out_ << fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                                escaped(list.list), list.rank, list.raw, list.normalised,
                                list.contribution);
        }
        const auto gate = explain_gate(item, recipe);
        if (!gate.empty()) out_ << fmt::format("<tr><td colspan=\"5\">{}</td></tr>", escaped(gate));
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
