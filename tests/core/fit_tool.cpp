/// Fits for listwise_fit_parity.py. stdin, a case a line: {"features": n, "columns": [c or -1],
/// "mean": […], "scale": […], "begin": […], "prior": [row-major], "queries": [{"rows": [row-major,
/// null for an absent value], "right": [0 or 1]}]}. stdout, a line each: {"weights": […],
/// "information": [row-major, at begin]}.
#include <cmath>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "core/rerank/listwise_fit.hpp"

int main() {
    using namespace pmatch;
    for (std::string line; std::getline(std::cin, line);) {
        const auto question = nlohmann::json::parse(line);
        FitData data;
        data.width = question.at("features").get<std::size_t>();
        const auto& columns = question.at("columns");
        for (std::size_t i = 0; i < columns.size(); ++i) {
            FitFeature feature;
            if (columns.at(i) >= 0) feature.column = columns.at(i).get<std::size_t>();
            feature.mean = question.at("mean").at(i).get<double>();
            feature.factor = 1 / question.at("scale").at(i).get<double>();
            data.features.push_back(feature);
        }
        std::vector<std::vector<float>> rows;
        std::vector<std::vector<char>> right;
        for (const auto& query : question.at("queries")) {
            auto& values = rows.emplace_back();
            for (const auto& value : query.at("rows")) {
                values.push_back(value.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                                 : value.get<float>());
            }
            auto& flags = right.emplace_back();
            for (const auto& flag : query.at("right"))
                flags.push_back(static_cast<char>(flag.get<int>()));
        }
        for (std::size_t i = 0; i < rows.size(); ++i)
            data.queries.push_back({rows[i], right[i]});
        const auto begin = question.at("begin").get<std::vector<double>>();
        const auto prior = question.at("prior").get<std::vector<double>>();
        const nlohmann::json answer{{"weights", fit_listwise(data, begin, prior)},
                                    {"information", fisher_information(data, begin)}};
        std::cout << answer.dump() << "\n";
    }
}
