/// CombMNZ: score = (number of lists that hold the item) * CombSUM. Fox, Shaw, "Combination of
/// Multiple Searches", TREC-2, 1994; scores min-max normalised per list as in Lee, SIGIR 1997.
/// An item's contribution is its value in the list times that number.
#include <algorithm>

#include "core/ranking/fusion_methods.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_combmnz(std::span<const FusionList> lists,
                                     const FusionOptions& options) {
    auto items = fuse_wsum(lists, options);
    for (auto& item : items) {
        const auto holders = static_cast<double>(std::count_if(
            item.parts.begin(), item.parts.end(), [](const auto& part) { return part.present; }));
        for (auto& part : item.parts)
            part.contribution *= holders;
        item.score *= holders;
    }
    return items;
}

}  // namespace pmatch
