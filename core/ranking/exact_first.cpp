#include "core/ranking/exact_first.hpp"

#include <algorithm>
#include <unordered_map>

namespace pmatch {
namespace {

constexpr double kBetweenHits = 0.25;

/// From 0 to kBetweenHits, by the scores that the recipe gave.
void spread(std::vector<RankedItem>& hits) {
    const auto by_score = [](const RankedItem& a, const RankedItem& b) {
        return a.score < b.score;
    };
    const auto [least, most] = std::minmax_element(hits.begin(), hits.end(), by_score);
    const double lowest = least->score;
    const double range = most->score - lowest;
    for (auto& hit : hits)
        hit.score = range > 0 ? kBetweenHits * (hit.score - lowest) / range : 0;
}

}  // namespace

void put_exact_first(std::vector<RankedItem>& items, std::span<const Neighbour> hits,
                     std::size_t lists, const RankOptions& options, const IdOfRow& id_of) {
    if (hits.empty()) return;
    std::unordered_map<std::int64_t, double> proofs;
    for (const auto& hit : hits)
        proofs[hit.row] = std::max<double>(proofs[hit.row], hit.score);
    const auto first_hit =
        std::stable_partition(items.begin(), items.end(),
                              [&](const RankedItem& item) { return !proofs.contains(item.row); });
    std::vector<RankedItem> first(first_hit, items.end());
    items.erase(first_hit, items.end());
    double lowest = 0;
    for (const auto& item : first)
        lowest = std::min(lowest, item.score);
    auto unmet = proofs;
    for (const auto& item : first)
        unmet.erase(item.row);
    for (const auto& [row, proof] : unmet) {
        auto& item = first.emplace_back();
        item.row = row;
        item.score = lowest;
        item.parts.resize(lists);
    }
    spread(first);
    const double best = items.empty() ? 0 : std::max(0.0, items.front().score);
    for (auto& item : first) {
        item.exact = proofs.at(item.row);
        item.score += best + item.exact;
    }
    std::sort(first.begin(), first.end(), [&](const RankedItem& a, const RankedItem& b) {
        if (a.score != b.score) return a.score > b.score;
        return a.row != b.row && id_of(a.row) < id_of(b.row);
    });
    first.insert(first.end(), items.begin(), items.end());
    items = std::move(first);
    keep_best_of_each_group(items, options);
    const auto top = static_cast<std::size_t>(std::max(options.top, 0));
    if (items.size() > top) items.resize(top);
}

}  // namespace pmatch
