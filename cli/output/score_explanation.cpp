#include "cli/output/score_explanation.hpp"

#include <fmt/format.h>

#include "core/vision/geometry.hpp"

namespace pmatch::cli {

std::vector<ExplainedList> explain_lists(const RankedItem& item, const Recipe& recipe) {
    std::vector<ExplainedList> lists;
    for (std::size_t i = 0; i < item.parts.size(); ++i) {
        const auto& part = item.parts[i];
        lists.push_back({recipe.lists[i].name,
                         !part.present   ? "(absent)"
                         : part.rank > 0 ? fmt::format("#{}", part.rank)
                                         : "-",
                         part.present ? fmt::format("{:.4f}", part.raw) : "",
                         fmt::format("{:.4f}", part.normalised),
                         fmt::format("{:+.4f}", part.contribution)});
    }
    if (item.inliers >= 0 && recipe.verify) {
        lists.push_back(
            {recipe.verify->space, "-", fmt::format("{} inliers", item.inliers),
             fmt::format("{:.4f}", geometry_score(static_cast<std::size_t>(item.inliers))),
             fmt::format("{:+.4f}", item.verify_part)});
    }
    if (item.return_rank > 0) {
        lists.push_back({"in return", fmt::format("#{}", item.return_rank), "-",
                         fmt::format("{:.4f}", 1.0 / item.return_rank),
                         fmt::format("{:+.4f}", item.return_part)});
    }
    return lists;
}

std::string explain_gate(const RankedItem& item, const Recipe& recipe) {
    if (item.gate == GateVerdict::kNone) return {};
    return fmt::format("gate {} {:.4f} {}", recipe.lists[recipe.fusion.staged.gate_list].name,
                       item.gate_value, item.gate == GateVerdict::kPassed ? "passed" : "stopped");
}

std::string explain_line(const RankedItem& item, const Recipe& recipe) {
    std::string line;
    for (const auto& list : explain_lists(item, recipe)) {
        line += line.empty() ? "" : "; ";
        if (list.raw.empty()) {
            line += fmt::format("{} {}", list.list, list.rank);
        } else {
            line += fmt::format("{} {} {} -> {}, {}", list.list, list.rank, list.raw,
                                list.normalised, list.contribution);
        }
    }
    if (item.exact > 0) line += "; it shares an identifier with the query, so it comes first";
    if (recipe.rescore) line += "; these chose it as a candidate, the score is the model's";
    const auto gate = explain_gate(item, recipe);
    return gate.empty() ? line : line + "; " + gate;
}

}  // namespace pmatch::cli
