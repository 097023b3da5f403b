#include <fmt/format.h>

#include <sstream>

#include "cli/output/metrics_printer.hpp"
#include "core/text/escape.hpp"
#include "core/text/text_table.hpp"

namespace pmatch::cli {
namespace {

using Grid = std::vector<std::vector<std::string>>;

void print_aligned(std::ostream& out, const Grid& grid, std::size_t left) {
    std::vector<Table::Column> columns;
    for (const auto& title : grid.front()) {
        const bool text = columns.size() < left;
        columns.push_back({title, text ? Table::Align::kLeft : Table::Align::kRight});
    }
    Table table(columns);
    for (std::size_t i = 1; i < grid.size(); ++i)
        table.add(grid[i]);
    table.print(out);
}

void print_markdown(std::ostream& out, const Grid& grid, std::size_t left) {
    for (std::size_t i = 0; i < grid.size(); ++i) {
        out << '|';
        for (const auto& cell : grid[i])
            out << ' ' << markdown_cell(cell) << " |";
        out << '\n';
        if (i > 0) continue;
        out << '|';
        for (std::size_t c = 0; c < grid[i].size(); ++c)
            out << (c < left ? "---|" : "---:|");
        out << '\n';
    }
}

}  // namespace

std::string metrics_table(const Evaluation& evaluation) {
    std::ostringstream out;
    if (!evaluation.checks.empty()) {
        print_aligned(out, check_grid(evaluation), 4);
        out << '\n';
    }
    print_aligned(out, metric_grid(evaluation), 1);
    out << counts_line(evaluation) << '\n';
    for (const auto& field : slice_fields(evaluation)) {
        out << '\n';
        print_aligned(out, slice_grid(evaluation, field), 1);
    }
    return out.str();
}

std::string metrics_markdown(const Evaluation& evaluation) {
    std::ostringstream out;
    if (!evaluation.checks.empty()) {
        if (evaluation.passed()) {
            out << fmt::format("### Passed: {} checks\n\n", evaluation.checks.size());
        } else {
            out << fmt::format("### FAILED: {} of {} checks\n\n", evaluation.failed_checks(),
                               evaluation.checks.size());
        }
        print_markdown(out, check_grid(evaluation), 2);
        out << '\n';
    }
    print_markdown(out, metric_grid(evaluation), 1);
    out << '\n' << counts_line(evaluation) << '\n';
    for (const auto& field : slice_fields(evaluation)) {
        out << '\n';
        print_markdown(out, slice_grid(evaluation, field), 1);
    }
    if (!evaluation.warnings.empty()) out << '\n';
    for (const auto& [name, text] : evaluation.warnings) {
        out << "- **" << name << "**: " << markdown_cell(text) << '\n';
    }
    return out.str();
}

}  // namespace pmatch::cli
