/// From rows to item ids.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "core/index.hpp"
#include "core/ranking.hpp"

namespace pmatch {

/// The first `k` of `found`, highest score first, equal scores by ascending bytes of the id.
/// What a search returns beyond `k` takes part, so a tie at the border goes by id as well.
RankedList rank(std::span<const Neighbour> found, int k,
                const std::function<std::string(std::int64_t row)>& id_of_row);

}  // namespace pmatch
