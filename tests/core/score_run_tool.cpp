/// Scores a run for metrics_parity.py. stdin: {"at": [K…], "truth": {query: {item: grade}},
/// "run": {query: [item, …] best first, or null when it failed}}. stdout: {metric: value}.
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/metrics.hpp"

int main() {
    const auto input = nlohmann::json::parse(std::cin);
    pmatch::Truth truth;
    for (const auto& [query, items] : input.at("truth").items()) {
        for (const auto& [item, grade] : items.items()) {
            truth[query].push_back({item, grade.get<double>()});
        }
    }
    pmatch::Scorer scorer(truth, input.at("at").get<std::vector<int>>());
    for (const auto& [query, items] : input.at("run").items()) {
        pmatch::QueryAnswers answers{query, {}, items.is_null()};
        for (const auto& item : items)
            answers.answers.push_back({item.get<std::string>(), 0});
        scorer.add(answers);
    }
    auto output = nlohmann::json::object();
    for (const auto& [name, value] : scorer.result().values)
        output[name] = value;
    std::cout << output.dump() << "\n";
}
