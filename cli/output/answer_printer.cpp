#include "cli/output/answer_printer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/output/explanation_json.hpp"
#include "cli/output/html_printer.hpp"
#include "cli/output/score_explanation.hpp"
#include "core/common/error.hpp"
#include "core/text/escape.hpp"
#include "core/text/json_text.hpp"
#include "core/text/text_table.hpp"
#include "data/formats/run_file.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kTitleWidth = 60;

class TablePrinter : public AnswerPrinter {
public:
    TablePrinter(std::ostream& out, const AnswerDetails& details) : out_(out), details_(details) {}

    void print(const std::vector<Query>&, const std::vector<AnsweredQuery>& answered) override {
        using Align = Table::Align;
        std::vector<Table::Column> columns{
            {"query"}, {"rank", Align::kRight}, {"score", Align::kRight}, {"item"}, {"title"}};
        if (details_.explain) columns.push_back({"list: rank, raw -> normalised, contribution"});
        Table table(std::move(columns));
        for (const auto& [result, problem, ranked, recipe] : answered) {
            int rank = 0;
            for (const auto& answer : result.answers) {
                const auto& item = ranked[static_cast<std::size_t>(rank)];
                table.add({rank == 0 ? result.query : "", std::to_string(rank + 1),
                           fmt::format("{:.4f}", answer.score), answer.item,
                           shortened(details_.items->title_of(item.row), kTitleWidth),
                           details_.explain ? explain_line(item, *recipe) : ""});
                ++rank;
            }
            const auto* nothing = problem.code.empty() ? "(no match)" : "(no answer)";
            if (rank == 0) table.add({result.query, "-", "-", nothing, problem.detail});
        }
        table.print(out_);
        out_.flush();
    }

private:
    std::ostream& out_;
    AnswerDetails details_;
};

class TsvPrinter : public AnswerPrinter {
public:
    TsvPrinter(std::ostream& out, const AnswerDetails&) : out_(out) {
        out_ << "query\trank\titem\tscore\n" << std::flush;
    }

    void print(const std::vector<Query>&, const std::vector<AnsweredQuery>& answered) override {
        for (const auto& [result, problem, ranked, recipe] : answered) {
            const auto query = tsv_cell(result.query);
            int rank = 0;
            for (const auto& answer : result.answers) {
                out_ << fmt::format("{}\t{}\t{}\t{:.6f}\n", query, ++rank, tsv_cell(answer.item),
                                    answer.score);
            }
        }
        out_.flush();
    }

private:
    std::ostream& out_;
};

class JsonlPrinter : public AnswerPrinter {
public:
    JsonlPrinter(std::ostream& out, const AnswerDetails& details) : out_(out), details_(details) {}

    void print(const std::vector<Query>&, const std::vector<AnsweredQuery>& answered) override {
        for (const auto& [result, problem, ranked, recipe] : answered) {
            nlohmann::ordered_json line{{"query", result.query}};
            auto answers = nlohmann::ordered_json::array();
            int rank = 0;
            for (const auto& answer : result.answers) {
                const auto& item = ranked[static_cast<std::size_t>(rank)];
                auto& entry = answers.emplace_back(
                    nlohmann::ordered_json{{"rank", ++rank},
                                           {"item", answer.item},
                                           {"score", answer.score},
                                           {"title", details_.items->title_of(item.row)}});
                if (details_.explain) entry["explain"] = explanation_json(item, *recipe);
            }
            line["answers"] = std::move(answers);
            if (!problem.code.empty()) {
                line["problem"] = {{"code", problem.code}, {"detail", problem.detail}};
            }
            out_ << json_text(line) << '\n';
        }
        out_.flush();
    }

private:
    std::ostream& out_;
    AnswerDetails details_;
};

class TrecPrinter : public AnswerPrinter {
public:
    TrecPrinter(std::ostream& out, const AnswerDetails&) : out_(out) {}

    void print(const std::vector<Query>&, const std::vector<AnsweredQuery>& answered) override {
        for (const auto& one : answered)
            out_ << trec_lines(one.result);
        out_.flush();
    }

private:
    std::ostream& out_;
};

struct AnswerFormat {
    std::string_view name;
    bool explains;  ///< has room for --explain
    std::unique_ptr<AnswerPrinter> (*make)(std::ostream& out, const AnswerDetails& details);
};

template <typename Printer>
std::unique_ptr<AnswerPrinter> make_printer(std::ostream& out, const AnswerDetails& details) {
    return std::make_unique<Printer>(out, details);
}

constexpr std::array kFormats{
    AnswerFormat{"table", true, make_printer<TablePrinter>},
    AnswerFormat{"tsv", false, make_printer<TsvPrinter>},
    AnswerFormat{"jsonl", true, make_printer<JsonlPrinter>},
    AnswerFormat{"trec", false, make_printer<TrecPrinter>},
    AnswerFormat{"html", true, make_html_printer},
};

/// The program's parser lets no other name through.
const AnswerFormat& format_named(const std::string& name) {
    const auto* const found = std::find_if(kFormats.begin(), kFormats.end(),
                                           [&](const auto& format) { return format.name == name; });
    return found == kFormats.end() ? kFormats.front() : *found;
}

/// "table, jsonl or html"
std::string explaining_formats() {
    std::vector<std::string_view> names;
    for (const auto& format : kFormats) {
        if (format.explains) names.push_back(format.name);
    }
    const auto last = names.back();
    names.pop_back();
    return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

}  // namespace

std::vector<std::string> answer_formats() {
    std::vector<std::string> names;
    for (const auto& format : kFormats)
        names.emplace_back(format.name);
    return names;
}

void check_format_explains(const std::string& format) {
    if (format_named(format).explains) return;
    throw UsageError{fmt::format("--format {} has no room for --explain", format),
                     fmt::format("use --format {}", explaining_formats())};
}

std::unique_ptr<AnswerPrinter> make_answer_printer(const std::string& format, std::ostream& out,
                                                   const AnswerDetails& details) {
    return format_named(format).make(out, details);
}

}  // namespace pmatch::cli
