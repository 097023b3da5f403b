#include "cli/tuning/tune_report.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/common/observer.hpp"
#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"

namespace pmatch {
namespace {

using Cells = std::vector<std::vector<std::string>>;  ///< headers first

std::string number(double value) {
    return fmt::format("{:.4f}", value);
}

std::string signed_interval(const MeanOverSplits& value) {
    return fmt::format("{:+.4f} ± {:.4f}", value.mean, value.half);
}

std::string counts_line(const TuneReport& report) {
    return fmt::format(
        "{} of {} queries are labelled, in {} groups that share no item; {} recipes, "
        "chosen by {}{}; {} splits, seed {}",
        grouped(static_cast<std::int64_t>(report.labelled)),
        grouped(static_cast<std::int64_t>(report.asked)),
        grouped(static_cast<std::int64_t>(report.groups)),
        grouped(static_cast<std::int64_t>(report.recipes)), report.metric,
        report.batch ? " with --batch" : "", report.choice.splits.size(), report.seed);
}

Cells means(const TuneReport& report) {
    return {{report.metric, "train", "held out", "all queries"},
            {"start", with_interval(report.train(&TwoValues::start)),
             with_interval(report.choice.start), number(report.choice.all.start)},
            {"chosen", with_interval(report.train(&TwoValues::chosen)),
             with_interval(report.choice.chosen), number(report.choice.all.chosen)},
            {"gain", "", signed_interval(report.choice.gain), ""}};
}

Cells splits(const TuneReport& report) {
    Cells cells{
        {"split", "train: start", "chosen", "held out: start", "chosen", "what was chosen"}};
    int number_of_split = 0;
    for (const auto& [contender, train, held_out] : report.choice.splits) {
        cells.push_back({std::to_string(++number_of_split), number(train.start),
                         number(train.chosen), number(held_out.start), number(held_out.chosen),
                         report.contenders[contender]});
    }
    cells.push_back({"all", number(report.choice.all.start), number(report.choice.all.chosen), "",
                     "", report.chosen_line()});
    return cells;
}

Cells bm25(const TuneReport& report) {
    Cells cells{{"BM25 index alone", "now", "held out", "chosen", "held out", "gain", "p"}};
    for (const auto& one : report.bm25) {
        cells.push_back({one.index, fmt::format("k1 {}, b {}", one.now.k1, one.now.b),
                         with_interval(one.choice.start),
                         fmt::format("k1 {}, b {}", one.chosen.k1, one.chosen.b),
                         with_interval(one.choice.chosen), signed_interval(one.choice.gain),
                         number(one.choice.p)});
    }
    return cells;
}

std::vector<std::string> bm25_lines(const TuneReport& report, const CommandWriter& write) {
    std::vector<std::string> lines;
    for (const auto& one : report.bm25) {
        if (!one.choice.is_gain()) continue;
        lines.push_back(fmt::format("{} alone gains {} {}; make it so, then tune again: {}",
                                    one.index, number(one.choice.gain.mean), report.metric,
                                    write(one.command)));
    }
    if (lines.empty() && !report.bm25.empty())
        lines.emplace_back("no k1 and b are better than those of the indexes by more than chance");
    return lines;
}

std::string threshold_line(const TuneReport& report) {
    const auto& [wanted, min_score, precision, recall, f1] = *report.threshold;
    return fmt::format(
        "min_score {} ({}): of the first answers held out, precision {}, recall {}, "
        "F1 {}; the figures above are without it",
        min_score, wanted, with_interval(precision), with_interval(recall), with_interval(f1));
}

std::string as_table(const Cells& cells, std::size_t left) {
    std::vector<Table::Column> columns;
    for (std::size_t i = 0; i < cells.front().size(); ++i) {
        const bool text = i == 0 || i >= left;
        columns.push_back({cells.front()[i], text ? Table::Align::kLeft : Table::Align::kRight});
    }
    Table table(std::move(columns));
    for (std::size_t i = 1; i < cells.size(); ++i)
        table.add(cells[i]);
    std::ostringstream out;
    table.print(out);
    return out.str();
}

std::string as_markdown(const Cells& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (auto cell : cells[i]) {
            for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2)
                cell.insert(at, "\\");
            text += fmt::format("| {} ", cell);
        }
        text += "|\n";
        if (i > 0) continue;
        for (std::size_t c = 0; c < cells[i].size(); ++c)
            text += "|---";
        text += "|\n";
    }
    return text;
}

/// A comment ends at the end of the line.
std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    return text;
}

}  // namespace

std::string with_interval(const MeanOverSplits& value) {
    return fmt::format("{:.4f} ± {:.4f}", value.mean, value.half);
}

MeanOverSplits TuneReport::train(double TwoValues::*value) const {
    std::vector<double> values;
    for (const auto& split : choice.splits)
        values.push_back(split.train.*value);
    return mean_over_splits(values);
}

std::string TuneReport::verdict() const {
    const auto figures =
        fmt::format("held out {} of {} against {}, p = {:.4f}", signed_interval(choice.gain),
                    metric, number(choice.start.mean), choice.p);
    if (!choice.is_gain())
        return fmt::format(
            "no recipe is better than preset {} by more than chance ({}): {} is "
            "preset {}",
            start, figures, out.string(), start);
    return fmt::format("better than preset {} ({}): {} is {}", start, figures, out.string(),
                       chosen_line());
}

std::string tune_table(const TuneReport& report, const CommandWriter& write) {
    auto text = fmt::format("{}\nstart: preset {}, {}\n\n{}\n{}\n{}\n", counts_line(report),
                            report.start, report.start_line, as_table(means(report), 99),
                            as_table(splits(report), 5), report.verdict());
    if (report.batch) text += "chosen for whole query files: ask it with --batch\n";
    if (report.threshold) text += threshold_line(report) + "\n";
    if (!report.bm25.empty()) text += "\n" + as_table(bm25(report), 99);
    for (const auto& line : bm25_lines(report, write))
        text += line + "\n";
    return text;
}

std::string tune_markdown(const TuneReport& report, const CommandWriter& write) {
    auto text = fmt::format("### pmatch tune: {}\n\n{}.\nStart: preset {}, {}.\n\n{}\n{}\n",
                            report.verdict(), counts_line(report), report.start, report.start_line,
                            as_markdown(means(report)), as_markdown(splits(report)));
    if (report.threshold) text += threshold_line(report) + "\n\n";
    if (!report.bm25.empty()) text += as_markdown(bm25(report)) + "\n";
    for (const auto& line : bm25_lines(report, write))
        text += line + "\n";
    return text;
}

std::string tune_comment(const TuneReport& report, const CommandWriter& write) {
    const auto all = report.choice.is_gain() ? report.choice.all.chosen : report.choice.all.start;
    Command command{"tune",
                    report.collection.string(),
                    {"--queries", report.queries.string(), "--truth", report.truth.string()}};
    if (report.batch) command.arguments.emplace_back("--batch");
    auto lines = std::vector<std::string>{
        fmt::format("Chosen by `{}`.", write(command)), counts_line(report) + ".",
        report.verdict() + ".",
        fmt::format("On all labelled queries {} {} (of the start {}).", report.metric, number(all),
                    number(report.choice.all.start))};
    if (report.threshold) lines.push_back(threshold_line(report) + ".");
    std::string text;
    for (const auto& line : lines)
        text += "// " + one_line(line) + "\n";
    return text;
}

}  // namespace pmatch
