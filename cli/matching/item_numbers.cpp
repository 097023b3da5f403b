#include "cli/matching/item_numbers.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {

ItemNumbering::ItemNumbering(const Items& items) {
    std::vector<std::pair<std::string, std::int64_t>> all;
    all.reserve(static_cast<std::size_t>(items.count()));
    std::int64_t last = -1;
    items.for_each_id([&](std::int64_t row, std::string_view id) {
        all.emplace_back(id, row);
        last = std::max(last, row);
    });
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    numbers_.resize(static_cast<std::size_t>(last + 1));
    for (auto& [id, row] : all) {
        numbers_[static_cast<std::size_t>(row)] = static_cast<std::uint32_t>(ids_.size());
        ids_.push_back(std::move(id));
        rows_.push_back(row);
    }
}

std::optional<std::uint32_t> ItemNumbering::find(std::string_view id) const {
    const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (at == ids_.end() || *at != id) return std::nullopt;
    return static_cast<std::uint32_t>(at - ids_.begin());
}

}  // namespace pmatch
