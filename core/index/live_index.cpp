#include "core/index/live_index.hpp"

#include <algorithm>
#include <iterator>

namespace pmatch {
namespace {

const IndexFilter* covered_part(const LiveFilter* filter) {
    return filter == nullptr ? nullptr : &filter->covered;
}

const IndexFilter* added_part(const LiveFilter* filter) {
    return filter == nullptr ? nullptr : &*filter->added;
}

/// Sorts best first; keeps the top k and ties of the k-th.
void keep_best(std::vector<Neighbour>& found, std::size_t k) {
    std::sort(found.begin(), found.end(), better_neighbour);
    if (found.size() <= k) return;
    const auto border = found[k - 1].score;
    const auto end = std::find_if(found.begin() + static_cast<std::ptrdiff_t>(k), found.end(),
                                  [&](const Neighbour& hit) { return hit.score < border; });
    found.erase(end, found.end());
}

}  // namespace

std::vector<Neighbour> best_of_both(std::vector<Neighbour> one,
                                    const std::vector<Neighbour>& other) {
    one.insert(one.end(), other.begin(), other.end());
    std::sort(one.begin(), one.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.row != b.row ? a.row < b.row : a.score > b.score;
    });
    const auto same_row = [](const Neighbour& a, const Neighbour& b) { return a.row == b.row; };
    one.erase(std::unique(one.begin(), one.end(), same_row), one.end());
    return one;
}

std::int64_t LiveIndex::count() const {
    return covered_.count() - covered_.hidden() + (added_ ? added_->count() : 0);
}

std::vector<std::vector<Neighbour>> LiveIndex::search_batch(std::span<const float> queries,
                                                            std::size_t count, int k,
                                                            const LiveFilter* filter) const {
    auto found = covered_.search_batch(queries, count, k, covered_part(filter));
    if (!added_) return found;
    const auto added = added_->search_batch(queries, count, k, added_part(filter));
    for (std::size_t i = 0; i < count; ++i) {
        found[i] = best_of_both(std::move(found[i]), added[i]);
        keep_best(found[i], static_cast<std::size_t>(k));
    }
    return found;
}

std::vector<std::vector<Neighbour>> LiveIndex::scores(std::span<const float> queries,
                                                      std::size_t count,
                                                      const LiveFilter* filter) const {
    auto found = covered_.scores(queries, count, covered_part(filter));
    if (!added_) return found;
    const auto added = added_->scores(queries, count, added_part(filter));
    for (std::size_t i = 0; i < count; ++i)
        found[i] = best_of_both(std::move(found[i]), added[i]);
    return found;
}

LiveFilter LiveIndex::filter(const RowSet& rows) const {
    LiveFilter filter{covered_.filter(rows), {}};
    if (added_) filter.added.emplace(added_->filter(rows));
    return filter;
}

}  // namespace pmatch
