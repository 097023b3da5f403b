#include "core/ranking/rank_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

void leave_out(std::vector<Neighbour>& hits, std::int64_t row) {
    hits.erase(std::remove_if(hits.begin(), hits.end(),
                              [&](const Neighbour& hit) { return hit.row == row; }),
               hits.end());
}

/// Sorts best first, ties by item id, and truncates at `depth`.
void order_and_cut(std::vector<Neighbour>& hits, int depth, const IdOfRow& id_of) {
    std::sort(hits.begin(), hits.end(), [&](const Neighbour& a, const Neighbour& b) {
        if (a.score != b.score) return a.score > b.score;
        return a.row != b.row && id_of(a.row) < id_of(b.row);
    });
    if (hits.size() > static_cast<std::size_t>(depth)) hits.resize(static_cast<std::size_t>(depth));
}

void order_by_row(std::vector<Neighbour>& hits) {
    std::sort(hits.begin(), hits.end(),
              [](const Neighbour& a, const Neighbour& b) { return a.row < b.row; });
}

}  // namespace

void keep_best_of_each_group(std::vector<RankedItem>& items, const RankOptions& options) {
    if (!options.group_of) return;
    std::unordered_set<std::string> seen;
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&](const RankedItem& item) {
                                   const auto group = options.group_of(item.row);
                                   return !group.empty() && !seen.insert(group).second;
                               }),
                items.end());
}

int list_depth(const FusionOptions& fusion, int top) {
    const bool as_wanted = fusion.depth_is_top || fusion.method == "none";
    return as_wanted ? top : std::max(fusion.depth, top);
}

std::vector<RankedItem> rank_lists(const Recipe& recipe, std::vector<std::vector<Neighbour>> lists,
                                   const RankOptions& options, const IdOfRow& id_of) {
    const auto* fusion = fusion_named(recipe.fusion.method);
    if (fusion == nullptr || lists.size() != recipe.lists.size()) {
        throw Error{fmt::format("a recipe of {} lists, fused by '{}', got {} lists",
                                recipe.lists.size(), recipe.fusion.method, lists.size()),
                    recipe.name, "name a fusion that `pmatch presets` shows in use"};
    }
    auto fusion_options = recipe.fusion;
    fusion_options.depth = list_depth(recipe.fusion, std::max(options.top, options.candidates));
    std::vector<FusionList> inputs;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        if (options.exclude) leave_out(lists[i], *options.exclude);
        if (recipe.wants_complete_lists()) {
            order_by_row(lists[i]);
        } else {
            order_and_cut(lists[i], fusion_options.depth, id_of);
        }
        inputs.push_back({lists[i], recipe.lists[i].weight});
    }
    // In order of first occurrence.
    auto items = fusion->fuse(inputs, fusion_options);
    order_answers(items, recipe, options, id_of);
    return items;
}

void order_answers(std::vector<RankedItem>& items, const Recipe& recipe, const RankOptions& options,
                   const IdOfRow& id_of) {
    const bool first_met_wins = fusion_named(recipe.fusion.method)->first_met_wins;
    std::stable_sort(items.begin(), items.end(), [&](const RankedItem& a, const RankedItem& b) {
        if (a.score != b.score) return a.score > b.score;
        return !first_met_wins && a.row != b.row && id_of(a.row) < id_of(b.row);
    });
    const auto threshold = options.min_score ? options.min_score : recipe.min_score;
    if (threshold) {
        items.erase(std::remove_if(items.begin(), items.end(),
                                   [&](const RankedItem& item) { return item.score < *threshold; }),
                    items.end());
    }
    keep_best_of_each_group(items, options);
    const auto top = static_cast<std::size_t>(std::max(options.top, 0));
    if (items.size() > top) items.resize(top);
}

}  // namespace pmatch
