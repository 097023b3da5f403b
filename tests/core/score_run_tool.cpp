/// Scores runs for metrics_parity.py: one per line of stdin, one answer per line of stdout.
/// {"at": [K…], "threshold": S, "truth": {query: {item: grade}}, "run": {query: [[item, score], …]
/// best first, or null when it failed}} → {metric: value}.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/metrics/metrics.hpp"

namespace {

nlohmann::json score(const nlohmann::json& input) {
    pmatch::Truth truth;
    for (const auto& [query, items] : input.at("truth").items()) {
        for (const auto& [item, grade] : items.items()) {
            truth[query].push_back({item, grade.get<double>()});
        }
    }
    pmatch::Scorer scorer(
        truth, {input.at("at").get<std::vector<int>>(), input.at("threshold").get<double>()});
    for (const auto& [query, items] : input.at("run").items()) {
        pmatch::QueryAnswers answers{query, {}, items.is_null()};
        for (const auto& item : items) {
            answers.answers.push_back({item.at(0).get<std::string>(), item.at(1).get<float>()});
        }
        scorer.add(answers);
    }
    auto output = nlohmann::json::object();
    for (const auto& [name, value] : scorer.result().values)
        output[name] = value;
    return output;
}

}  // namespace

int main() {
    std::string line;
    while (std::getline(std::cin, line))
        std::cout << score(nlohmann::json::parse(line)).dump() << "\n";
}
