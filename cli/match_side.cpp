#include "cli/match_side.hpp"

#include <algorithm>

namespace pmatch::cli {

MatchSide::MatchSide(const Items& items) : items_(&items), rows_(items.rows_by_id()) {
    const auto last = std::max_element(rows_.begin(), rows_.end());
    numbers_.resize(last == rows_.end() ? 0 : static_cast<std::size_t>(*last) + 1);
    for (std::size_t number = 0; number < rows_.size(); ++number)
        numbers_[static_cast<std::size_t>(rows_[number])] = static_cast<std::uint32_t>(number);
}

std::optional<std::uint32_t> MatchSide::find(std::string_view id) const {
    if (items_ != nullptr) {
        const auto row = items_->row_of(id);
        if (!row) return std::nullopt;
        return number_of(*row);
    }
    const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (at == ids_.end() || *at != id) return std::nullopt;
    return static_cast<std::uint32_t>(at - ids_.begin());
}

std::string MatchSide::id_of(std::uint32_t number) const {
    return items_ != nullptr ? items_->id_of(rows_[number]) : ids_[number];
}

}  // namespace pmatch::cli
