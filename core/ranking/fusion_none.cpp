/// A single list, unchanged: score = raw score.
#include "core/ranking/fusion_methods.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_none(std::span<const FusionList> lists, const FusionOptions&) {
    auto items = gather(lists.first(lists.empty() ? 0 : 1));
    for (auto& item : items) {
        auto& part = item.parts.front();
        part.normalised = part.contribution = part.raw;
        item.score = part.raw;
    }
    return items;
}

}  // namespace pmatch
