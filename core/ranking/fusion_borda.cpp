/// Borda count: score = sum over the lists of weight * (depth - i), i the item's rank from 0 in the
/// list cut at `depth`. J.-C. de Borda, "Mémoire sur les élections au scrutin", 1781; for search:
/// Aslam, Montague, "Models for Metasearch", SIGIR 2001. Lists without the item contribute 0.
#include "core/ranking/fusion_methods.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_borda(std::span<const FusionList> lists,
                                   const FusionOptions& options) {
    auto items = gather(lists);
    for (auto& item : items) {
        for (std::size_t list = 0; list < lists.size(); ++list) {
            auto& part = item.parts[list];
            if (!part.present) continue;
            part.normalised = options.depth - (part.rank - 1);
            part.contribution = lists[list].weight * part.normalised;
            item.score += part.contribution;
        }
    }
    return items;
}

}  // namespace pmatch
