/// Ranks for ranking_parity.py. stdin, a case a line: {"preset": name, "top": K, "depth"?: N,
/// "gate"?: mode, "at_least"?: x, "backfill"?: bool, "weights"?: [w…],
/// "lists": [[[row, score], …], …]}. stdout, a line each: the rows, best first.
/// An item's id is its row with leading zeros.
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/preset/preset.hpp"
#include "core/ranking/rank_lists.hpp"

namespace {

using namespace pmatch;

const std::string& id_of(std::int64_t row) {
    static std::map<std::int64_t, std::string> ids;
    auto& id = ids[row];
    if (id.empty()) {
        const auto digits = std::to_string(row);
        id = std::string(8 - digits.size(), '0') + digits;
    }
    return id;
}

Recipe recipe_of(const nlohmann::json& question) {
    auto recipe = *find_recipe(question.at("preset").get<std::string>());
    recipe.fusion.depth = question.value("depth", recipe.fusion.depth);
    auto& stages = recipe.fusion.staged;
    const auto mode = question.value("gate", "minmax");
    stages.gate_mode = mode == "absolute" ? GateMode::kAbsolute
                       : mode == "zscore" ? GateMode::kZScore
                                          : GateMode::kMinMax;
    stages.at_least = question.value("at_least", stages.at_least);
    stages.backfill = question.value("backfill", false);
    if (question.contains("weights")) {
        for (std::size_t i = 0; i < recipe.lists.size(); ++i)
            recipe.lists[i].weight = question.at("weights").at(i).get<double>();
    }
    return recipe;
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto question = nlohmann::json::parse(line);
        std::vector<std::vector<Neighbour>> lists;
        for (const auto& list : question.at("lists")) {
            auto& hits = lists.emplace_back();
            for (const auto& hit : list)
                hits.push_back({hit.at(0).get<std::int64_t>(), hit.at(1).get<float>()});
        }
        RankOptions options;
        options.top = question.at("top").get<int>();
        auto answer = nlohmann::json::array();
        for (const auto& item : rank_lists(recipe_of(question), lists, options, id_of))
            answer.push_back(item.row);
        std::cout << answer.dump() << "\n";
    }
}
