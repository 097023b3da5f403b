#include "core/ranking/fusion.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/ranking/fusion_methods.hpp"

namespace pmatch {
namespace {

constexpr std::array kFusions{
    FusionEntry{.name = "none", .fuse = fuse_none, .scale = ScoreScale::kOfList},
    FusionEntry{
        .name = "borda", .fuse = fuse_borda, .scale = ScoreScale::kOfRanks, .first_met_wins = true},
    FusionEntry{.name = "rrf", .fuse = fuse_rrf, .scale = ScoreScale::kOfRanks, .has_k = true},
    FusionEntry{.name = "wsum", .fuse = fuse_wsum, .normalises = true},
    FusionEntry{.name = "dbsf", .fuse = fuse_dbsf},
    FusionEntry{.name = "combsum", .fuse = fuse_wsum, .normalises = true},
    FusionEntry{.name = "combmnz", .fuse = fuse_combmnz, .normalises = true},
    FusionEntry{.name = "three-stage", .fuse = fuse_three_stage, .scale = ScoreScale::kCatalog},
};

}  // namespace

std::span<const FusionEntry> all_fusions() {
    return kFusions;
}

const FusionEntry* fusion_named(const std::string& name) {
    const auto* const found = std::find_if(kFusions.begin(), kFusions.end(),
                                           [&](const auto& entry) { return entry.name == name; });
    return found == kFusions.end() ? nullptr : found;
}

std::vector<RankedItem> gather(std::span<const FusionList> lists) {
    std::vector<RankedItem> items;
    std::unordered_map<std::int64_t, std::size_t> places;
    for (std::size_t list = 0; list < lists.size(); ++list) {
        int rank = 0;
        for (const auto& hit : lists[list].hits) {
            const auto [place, fresh] = places.emplace(hit.row, items.size());
            if (fresh) {
                auto& item = items.emplace_back();
                item.row = hit.row;
                item.parts.resize(lists.size());
            }
            items[place->second].parts[list] = {true, ++rank, hit.score, 0, 0};
        }
    }
    return items;
}

}  // namespace pmatch
