#include "core/retrieval/all_pairs_lists.hpp"

#include <fmt/format.h>

#include "core/common/stopwatch.hpp"
#include "core/text/number_text.hpp"

namespace pmatch {

std::shared_ptr<const ListsByRow> AllPairsLists::at(int depth, const Observer& observer) {
    const std::lock_guard lock(mutex_);
    if (depth == depth_) return lists_;
    if (!index_.can_search_self(depth)) return nullptr;
    lists_ = std::make_shared<const ListsByRow>(search(depth, observer));
    depth_ = depth;
    return lists_;
}

ListsByRow AllPairsLists::search(int depth, const Observer& observer) const {
    const Stopwatch watch;
    auto found = index_.search_all_pairs(depth);
    const auto rows = index_.rows();
    ListsByRow lists;
    for (std::size_t position = 0; position < found.size(); ++position) {
        auto& list = lists[rows[position]];
        list = list.empty() ? std::move(found[position])
                            : best_of_both(std::move(list), found[position]);
    }
    observer.detail(fmt::format("query: space {}: all {} vectors with each other: {:.2f} ms", name_,
                                grouped(index_.count()), watch.milliseconds()));
    return lists;
}

}  // namespace pmatch
