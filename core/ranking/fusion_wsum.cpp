/// Weighted sum of normalised scores: score = sum over the lists of weight * value, the value
/// min-max or z-score normalised over the list. An item missing in a list has the list's lowest
/// value: 0 with min-max. With min-max and all weights 1 this is CombSUM: Fox, Shaw, "Combination
/// of Multiple Searches", TREC-2, 1994; the normalisation is that of Lee, "Analyses of Multiple
/// Evidence Combination", SIGIR 1997.
#include "core/ranking/fusion_methods.hpp"
#include "core/ranking/score_normaliser.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_wsum(std::span<const FusionList> lists, const FusionOptions& options) {
    auto items = gather(lists);
    for (std::size_t list = 0; list < lists.size(); ++list) {
        const auto hits = lists[list].hits;
        if (hits.empty()) continue;
        const bool min_max_wanted = options.normalise == Normaliser::kMinMax;
        const auto scale = min_max_wanted ? min_max(hits) : z_score(hits);
        const double absent = min_max_wanted ? 0 : scale(extremes(hits).least);
        for (auto& item : items) {
            auto& part = item.parts[list];
            part.normalised = part.present ? scale(part.raw) : absent;
            part.contribution = lists[list].weight * part.normalised;
            item.score += part.contribution;
        }
    }
    return items;
}

}  // namespace pmatch
