/// Reciprocal rank fusion: score = sum over the lists of weight / (k + rank), rank from 1.
/// Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
/// Learning Methods", SIGIR 2009 (k = 60, no weights). Lists without the item contribute 0.
#include "core/ranking/fusion_methods.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_rrf(std::span<const FusionList> lists, const FusionOptions& options) {
    auto items = gather(lists);
    for (auto& item : items) {
        for (std::size_t list = 0; list < lists.size(); ++list) {
            auto& part = item.parts[list];
            if (!part.present) continue;
            part.normalised = 1 / (options.k + part.rank);
            part.contribution = lists[list].weight * part.normalised;
            item.score += part.contribution;
        }
    }
    return items;
}

}  // namespace pmatch
