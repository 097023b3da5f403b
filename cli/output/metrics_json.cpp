#include <nlohmann/json.hpp>

#include "cli/output/metrics_printer.hpp"

namespace pmatch::cli {
namespace {

using Json = nlohmann::ordered_json;

Json gate(const Evaluation& evaluation) {
    auto checks = Json::array();
    for (const auto& check : evaluation.checks) {
        const bool floor = check.kind == GateCheck::Kind::kFailUnder;
        Json row{{"status", check.failed() ? "failed" : "passed"}, {"slice", nullptr}};
        if (check.bound.slice) row["slice"] = check.bound.slice->text();
        row["metric"] = check.bound.metric;
        row["value"] = check.value;
        row[floor ? "at_least" : "max_drop"] = check.bound.value;
        if (check.baseline) row["baseline"] = *check.baseline;
        if (check.p) row["p"] = *check.p;
        row["message"] = check.sentence();
        checks.push_back(std::move(row));
    }
    return {{"passed", evaluation.passed()}, {"checks", std::move(checks)}};
}

Json named(const Evaluation& evaluation, const std::vector<double>& values) {
    auto object = Json::object();
    for (std::size_t i = 0; i < values.size(); ++i)
        object[evaluation.metrics.values[i].first] = values[i];
    return object;
}

Json named(const Evaluation& evaluation, const std::vector<Interval>& intervals) {
    auto object = Json::object();
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        object[evaluation.metrics.values[i].first] = {intervals[i].low, intervals[i].high};
    }
    return object;
}

Json slices(const Evaluation& evaluation) {
    auto list = Json::array();
    for (const auto& slice : evaluation.slices) {
        Json row{{"field", slice.name.field},
                 {"value", slice.name.value},
                 {"scored", slice.scored},
                 {"metrics", named(evaluation, slice.values)}};
        if (!slice.intervals.empty()) row["intervals"] = named(evaluation, slice.intervals);
        list.push_back(std::move(row));
    }
    return list;
}

/// One line per query; the library would write one line per number.
std::string per_query(const ScoreTable& table) {
    auto columns = Json::array({"query"});
    for (const auto& column : table.columns())
        columns.push_back(column);
    std::string text =
        "  \"per_query\": {\n    \"columns\": " + columns.dump() + ",\n    \"rows\": [";
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto row = Json::array({table.query(i)});
        for (const double value : table.row(i))
            row.push_back(value);
        text += (i > 0 ? ",\n      " : "\n      ") + row.dump();
    }
    return text + "\n    ]\n  }";
}

}  // namespace

std::string metrics_json(const Evaluation& evaluation, const ScoreTable* table) {
    const auto& metrics = evaluation.metrics;
    auto result = Json::object();
    if (!evaluation.checks.empty()) result["gate"] = gate(evaluation);
    result["queries"] = metrics.queries;
    result["scored"] = metrics.scored;
    result["failed"] = metrics.failed;
    result["without_truth"] = metrics.without_truth;
    result["truth_without_query"] = metrics.truth_without_query;
    // unknown for a stored run
    result["preset"] = nullptr;
    result["depth"] = nullptr;
    if (!evaluation.source.preset.empty()) result["preset"] = evaluation.source.preset;
    if (evaluation.source.depth > 0) result["depth"] = evaluation.source.depth;
    if (evaluation.columns.threshold) result["threshold"] = *evaluation.columns.threshold;
    auto& values = result["metrics"];
    for (const auto& [name, value] : metrics.values)
        values[name] = value;
    if (!evaluation.intervals.empty()) {
        result["intervals"] = named(evaluation, evaluation.intervals);
        result["bootstrap"] = {{"level", evaluation.bootstrap.level},
                               {"resamples", evaluation.bootstrap.resamples},
                               {"seed", evaluation.bootstrap.seed}};
    }
    if (!evaluation.slices.empty()) result["slices"] = slices(evaluation);
    result["warnings"] = Json::array();
    for (const auto& [name, text] : evaluation.warnings)
        result["warnings"].push_back({{"name", name}, {"text", text}});
    result["query_set"] = evaluation.query_set;
    result["truth_set"] = evaluation.truth_set;
    auto text = result.dump(2);
    if (table != nullptr) {
        text.erase(text.rfind('\n'));  // and the closing brace
        text += ",\n" + per_query(*table) + "\n}";
    }
    return text + "\n";
}

}  // namespace pmatch::cli
