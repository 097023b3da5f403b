#include "core/ranking/fusion.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace pmatch {
namespace {

constexpr std::array<FusionEntry, 8> kFusions{{
    {"none", fuse_none, false},
    {"borda", fuse_borda, true},
    {"rrf", fuse_rrf, false},
    {"wsum", fuse_wsum, false},
    {"dbsf", fuse_dbsf, false},
    {"combsum", fuse_wsum, false},
    {"combmnz", fuse_combmnz, false},
    {"three-stage", fuse_three_stage, false},
}};

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
