#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/output/html_page.hpp"
#include "cli/output/metrics_printer.hpp"
#include "core/text/escape.hpp"

namespace pmatch::cli {
namespace {

using Grid = std::vector<std::vector<std::string>>;

constexpr int kQueryPicture = 200;  // pixels
constexpr int kItemPicture = 120;

/// Wide tables scroll inside their box, with the keyboard, too.
std::string table(const std::string& name, const Grid& grid) {
    auto html = fmt::format(
        "<div class=\"figures\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table>\n",
        html_escaped(name));
    for (std::size_t row = 0; row < grid.size(); ++row) {
        const auto* tag = row == 0 ? "th" : "td";
        html += "<tr>";
        for (const auto& cell : grid[row])
            html += fmt::format("<{0}>{1}</{0}>", tag, html_escaped(cell));
        html += "</tr>\n";
    }
    return html + "</table></div>\n";
}

std::string heading(std::string_view text) {
    return fmt::format("<h2>{}</h2>\n", html_escaped(text));
}

std::string gate(const Evaluation& evaluation) {
    if (evaluation.checks.empty()) return {};
    const auto said = evaluation.passed()
                          ? fmt::format("<p>Passed: {} checks</p>\n", evaluation.checks.size())
                          : fmt::format("<p class=\"problem\">Failed: {} of {} checks</p>\n",
                                        evaluation.failed_checks(), evaluation.checks.size());
    return heading("Gate") + said + table("Gate", check_grid(evaluation));
}

std::string warnings(const Evaluation& evaluation) {
    if (evaluation.warnings.empty()) return {};
    auto html = heading("Warnings about the protocol") + "<ul>\n";
    for (const auto& [name, text] : evaluation.warnings)
        html += fmt::format("<li><b>{}</b>: {}</li>\n", html_escaped(name), html_escaped(text));
    return html + "</ul>\n";
}

std::string settings_table(const Evaluation& evaluation, const Settings& settings) {
    Grid grid{{"setting", "value"}};
    for (const auto& [name, value] : settings)
        grid.push_back({name, value});
    if (evaluation.source.depth > 0) {
        grid.push_back({"preset", evaluation.source.preset});
        grid.push_back({"answers a query", std::to_string(evaluation.source.depth)});
    }
    if (evaluation.columns.threshold)
        grid.push_back({"threshold", fmt::format("{}", *evaluation.columns.threshold)});
    if (!evaluation.intervals.empty())
        grid.push_back(
            {"intervals",
             fmt::format("{:.0f} %, {} resamples, seed {}", 100 * evaluation.bootstrap.level,
                         evaluation.bootstrap.resamples, evaluation.bootstrap.seed)});
    grid.push_back({"queries scored, their hash", evaluation.query_set});
    grid.push_back({"their truth, its hash", evaluation.truth_set});
    return heading("Settings") + table("Settings", grid);
}

std::string card(const ShownItem& item, const std::string& role) {
    auto html = std::string("<div class=\"item\">\n");
    if (!item.picture.empty()) html += html_picture(item.picture, kItemPicture);
    return html + fmt::format("<b>{}</b> {} <span class=\"id\">{}</span>\n</div>\n",
                              html_escaped(role), html_escaped(item.title), html_escaped(item.id));
}

std::string missed_query(const MissedQuery& query) {
    auto html = fmt::format("<section><div class=\"query\"><h2>{}</h2>\n", html_escaped(query.id));
    if (!query.pictures.empty()) html += html_picture(query.pictures.front(), kQueryPicture);
    html += fmt::format("<p>{}</p>\n", html_escaped(query.text));
    if (!query.problem.code.empty())
        html += fmt::format("<p class=\"problem\">{}: {}</p>\n", html_escaped(query.problem.code),
                            html_escaped(query.problem.detail));
    html += "</div>\n<div class=\"items\">\n";
    for (const auto& item : query.wanted)
        html += card(item, item.rank > 0 ? fmt::format("wanted, rank {}", item.rank)
                                         : fmt::format("wanted, not among {}", query.answers));
    for (const auto& item : query.found)
        html += card(item, fmt::format("found, rank {}", item.rank));
    return html + "</div></section>\n";
}

std::string missed(const Evaluation& evaluation) {
    const auto& at = evaluation.columns.at;
    const auto k = at.empty() ? 0 : *std::max_element(at.begin(), at.end());
    auto html =
        heading(fmt::format("Queries that failed or found no true item among the first {}: {}", k,
                            evaluation.missed_count));
    if (evaluation.missed_count > evaluation.missed.size())
        html += fmt::format(
            "<p class=\"quiet\">The first {} of them; --per-query FILE.csv has all."
            "</p>\n",
            evaluation.missed.size());
    for (const auto& query : evaluation.missed)
        html += missed_query(query);
    return html;
}

}  // namespace

std::string metrics_html(const Evaluation& evaluation, const Settings& settings) {
    auto html = html_head("Figures of pmatch evaluate", counts_line(evaluation));
    html += gate(evaluation) + heading("Figures") + table("Figures", metric_grid(evaluation));
    for (const auto& field : slice_fields(evaluation))
        html += heading("By " + field) + table("By " + field, slice_grid(evaluation, field));
    html += warnings(evaluation) + settings_table(evaluation, settings) + missed(evaluation);
    return html + html_tail();
}

}  // namespace pmatch::cli
