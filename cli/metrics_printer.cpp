#include "cli/metrics_printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/table.hpp"

namespace pmatch::cli {
namespace {

struct Name {
    std::string metric;
    std::string at;  ///< "5" of "hit@5"; empty for "mrr"
};

Name split(const std::string& name) {
    const auto at = name.find('@');
    if (at == std::string::npos) return {name, ""};
    return {name.substr(0, at), name.substr(at + 1)};
}

}  // namespace

std::string metrics_table(const Metrics& metrics, const std::vector<int>& at,
                          const EvaluationSource& source) {
    std::vector<Table::Column> columns{{"metric"}};
    std::vector<std::string> ranks;
    for (const int k : at)
        ranks.push_back(std::to_string(k));
    for (const auto& [name, value] : metrics.values) {
        const auto rank = split(name).at;
        if (!rank.empty() && std::find(ranks.begin(), ranks.end(), rank) == ranks.end()) {
            ranks.push_back(rank);
        }
    }
    for (const auto& rank : ranks)
        columns.push_back({"@" + rank, Table::Align::kRight});
    columns.push_back({"all", Table::Align::kRight});

    Table table(columns);
    std::vector<std::string> cells;
    for (const auto& [name, value] : metrics.values) {
        const auto [metric, rank] = split(name);
        if (cells.empty() || cells.front() != metric) {
            if (!cells.empty()) table.add(cells);
            cells.assign(columns.size(), "");
            cells.front() = metric;
        }
        const auto column = std::find(ranks.begin(), ranks.end(), rank) - ranks.begin();
        cells[static_cast<std::size_t>(column) + 1] = fmt::format("{:.4f}", value);
    }
    if (!cells.empty()) table.add(cells);
    std::ostringstream out;
    table.print(out);
    out << fmt::format("{} queries, {} scored, {} without truth, {} failed", metrics.queries,
                       metrics.scored, metrics.without_truth, metrics.failed);
    if (source.depth > 0) {
        out << fmt::format("; preset {}, {} answers a query", source.preset, source.depth);
    }
    out << '\n';
    return out.str();
}

std::string metrics_json(const Metrics& metrics, const EvaluationSource& source) {
    nlohmann::ordered_json result{{"queries", metrics.queries},
                                  {"scored", metrics.scored},
                                  {"failed", metrics.failed},
                                  {"without_truth", metrics.without_truth},
                                  {"truth_without_query", metrics.truth_without_query}};
    // null for a stored run, which does not say
    result["preset"] = nullptr;
    result["depth"] = nullptr;
    if (!source.preset.empty()) result["preset"] = source.preset;
    if (source.depth > 0) result["depth"] = source.depth;
    auto& values = result["metrics"];
    for (const auto& [name, value] : metrics.values)
        values[name] = value;
    return result.dump(2) + "\n";
}

}  // namespace pmatch::cli
