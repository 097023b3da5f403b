/// Distribution-based score fusion: score = sum over the lists of
/// weight * (raw - (mean - 3 sigma)) / (6 sigma), mean and sigma (over n - 1) of the list's scores,
/// 0.5 if they are all equal. Mazzeschi, "Distribution-Based Score Fusion", 2023, as implemented by
/// vector databases. Lists without the item contribute 0.
#include "core/ranking/fusion_methods.hpp"
#include "core/ranking/score_normaliser.hpp"

namespace pmatch {

std::vector<RankedItem> fuse_dbsf(std::span<const FusionList> lists, const FusionOptions&) {
    auto items = gather(lists);
    for (std::size_t list = 0; list < lists.size(); ++list) {
        const auto scale = three_sigma(lists[list].hits);
        for (auto& item : items) {
            auto& part = item.parts[list];
            if (!part.present) continue;
            part.normalised = scale(part.raw);
            part.contribution = lists[list].weight * part.normalised;
            item.score += part.contribution;
        }
    }
    return items;
}

}  // namespace pmatch
