/// Inputs that are all there at once, for a pipeline.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "cli/query_feed.hpp"
#include "core/work.hpp"

namespace pmatch::cli {

/// Hands them out in windows of so many.
class ListSource : public WorkSource {
public:
    ListSource(std::vector<WorkItem> items, std::size_t window)
        : items_(std::move(items)), window_(window) {}

    std::vector<WorkItem> next_window() override {
        const auto count = std::min(window_, items_.size() - next_);
        const auto from = items_.begin() + static_cast<std::ptrdiff_t>(next_);
        next_ += count;
        return {std::make_move_iterator(from),
                std::make_move_iterator(from + static_cast<std::ptrdiff_t>(count))};
    }

private:
    std::vector<WorkItem> items_;
    std::size_t window_;
    std::size_t next_ = 0;
};

/// The query's pictures; `number` stands where items have their row.
inline void add_pictures(std::vector<WorkItem>& items, const Query& query, std::size_t number) {
    for (std::size_t i = 0; i < query.pictures.size(); ++i) {
        WorkItem item;
        item.key.row = static_cast<std::int64_t>(number);
        item.key.ordinal = static_cast<std::int32_t>(i);
        item.picture = query.pictures[i];
        items.push_back(std::move(item));
    }
}

}  // namespace pmatch::cli
