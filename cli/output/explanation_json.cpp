#include "cli/output/explanation_json.hpp"

#include <utility>

namespace pmatch::cli {

nlohmann::ordered_json explanation_json(const RankedItem& item, const Recipe& recipe) {
    nlohmann::ordered_json result{{"preset", recipe.name}};
    auto lists = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < item.parts.size(); ++i) {
        const auto& part = item.parts[i];
        nlohmann::ordered_json list{{"list", recipe.lists[i].name}, {"present", part.present}};
        if (part.rank > 0) list["rank"] = part.rank;
        if (part.present) list["raw"] = part.raw;
        list["normalised"] = part.normalised;
        list["contribution"] = part.contribution;
        lists.push_back(std::move(list));
    }
    result["lists"] = std::move(lists);
    if (item.inliers >= 0 && recipe.verify) {
        result["verify"] = {{"space", recipe.verify->space},
                            {"inliers", item.inliers},
                            {"contribution", item.verify_part}};
    }
    if (item.return_rank > 0)
        result["in_return"] = {{"rank", item.return_rank}, {"contribution", item.return_part}};
    if (item.gate != GateVerdict::kNone) {
        const bool passed = item.gate == GateVerdict::kPassed;
        result["gate"] = {{"list", recipe.lists[recipe.fusion.staged.gate_list].name},
                          {"value", item.gate_value},
                          {"verdict", passed ? "passed" : "stopped"}};
    }
    return result;
}

}  // namespace pmatch::cli
