#include "cli/answer_printer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "data/run_file.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kTitleWidth = 60;

class TablePrinter : public AnswerPrinter {
public:
    TablePrinter(std::ostream& out, TitleOf title_of) : out_(out), title_of_(std::move(title_of)) {}

    void print(const std::vector<AnsweredQuery>& answered) override {
        using Align = Table::Align;
        Table table(
            {{"query"}, {"rank", Align::kRight}, {"score", Align::kRight}, {"item"}, {"title"}});
        for (const auto& [result, problem] : answered) {
            int rank = 0;
            for (const auto& answer : result.answers) {
                table.add({rank == 0 ? result.query : "", std::to_string(rank + 1),
                           fmt::format("{:.4f}", answer.score), answer.item,
                           shortened(title_of_(answer.item), kTitleWidth)});
                ++rank;
            }
            if (rank == 0) table.add({result.query, "-", "-", "(no answer)", problem.detail});
        }
        table.print(out_);
        out_.flush();
    }

private:
    std::ostream& out_;
    TitleOf title_of_;
};

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '\t':
                result += "\\t";
                break;
            case '\n':
                result += "\\n";
                break;
            case '\r':
                result += "\\r";
                break;
            case '\\':
                result += "\\\\";
                break;
            default:
                result += c;
        }
    }
    return result;
}

class TsvPrinter : public AnswerPrinter {
public:
    explicit TsvPrinter(std::ostream& out) : out_(out) {
        out_ << "query\trank\titem\tscore\n" << std::flush;
    }

    void print(const std::vector<AnsweredQuery>& answered) override {
        for (const auto& [result, problem] : answered) {
            const auto query = escaped(result.query);
            int rank = 0;
            for (const auto& answer : result.answers) {
                out_ << fmt::format("{}\t{}\t{}\t{:.6f}\n", query, ++rank, escaped(answer.item),
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
    JsonlPrinter(std::ostream& out, TitleOf title_of) : out_(out), title_of_(std::move(title_of)) {}

    void print(const std::vector<AnsweredQuery>& answered) override {
        for (const auto& [result, problem] : answered) {
            nlohmann::ordered_json line{{"query", result.query}};
            auto answers = nlohmann::ordered_json::array();
            int rank = 0;
            for (const auto& answer : result.answers) {
                answers.push_back({{"rank", ++rank},
                                   {"item", answer.item},
                                   {"score", answer.score},
                                   {"title", title_of_(answer.item)}});
            }
            line["answers"] = std::move(answers);
            if (!problem.code.empty()) {
                line["problem"] = {{"code", problem.code}, {"detail", problem.detail}};
            }
            out_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        }
        out_.flush();
    }

private:
    std::ostream& out_;
    TitleOf title_of_;
};

class TrecPrinter : public AnswerPrinter {
public:
    explicit TrecPrinter(std::ostream& out) : out_(out) {}

    void print(const std::vector<AnsweredQuery>& answered) override {
        for (const auto& one : answered)
            out_ << trec_lines(one.result);
        out_.flush();
    }

private:
    std::ostream& out_;
};

}  // namespace

std::unique_ptr<AnswerPrinter> make_answer_printer(const std::string& format, std::ostream& out,
                                                   TitleOf title_of) {
    if (format == "tsv") return std::make_unique<TsvPrinter>(out);
    if (format == "jsonl") return std::make_unique<JsonlPrinter>(out, std::move(title_of));
    if (format == "trec") return std::make_unique<TrecPrinter>(out);
    return std::make_unique<TablePrinter>(out, std::move(title_of));
}

}  // namespace pmatch::cli
