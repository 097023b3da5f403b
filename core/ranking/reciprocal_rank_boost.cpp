#include "core/ranking/reciprocal_rank_boost.hpp"

#include <algorithm>
#include <unordered_map>

namespace pmatch {
namespace {

/// An item as a candidate of one query.
struct Wish {
    double score = 0;
    RankedItem* item = nullptr;
    double best = 0;  ///< the query's highest score
};

double best_score(const Candidates& items) {
    double best = 0;
    for (const auto& item : items)
        best = std::max(best, item.score);
    return best;
}

}  // namespace

void reciprocal_rank_boost(std::vector<Candidates>& queries, double weight) {
    std::unordered_map<std::int64_t, std::vector<Wish>> wishes;
    for (auto& items : queries) {
        const double best = best_score(items);
        if (best <= 0) continue;
        for (auto& item : items)
            wishes[item.row].push_back({item.score, &item, best});
    }
    for (auto& [row, of_item] : wishes) {
        std::sort(of_item.begin(), of_item.end(),
                  [](const Wish& a, const Wish& b) { return a.score > b.score; });
        int rank = 0;
        for (std::size_t i = 0; i < of_item.size(); ++i) {
            const auto& wish = of_item[i];
            if (i == 0 || wish.score < of_item[i - 1].score) rank = static_cast<int>(i) + 1;
            wish.item->return_rank = rank;
            wish.item->return_part = weight * wish.best / rank;
            wish.item->score += wish.item->return_part;
        }
    }
}

}  // namespace pmatch
