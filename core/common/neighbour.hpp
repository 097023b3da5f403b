/// An entry of a ranked list.
#pragma once

#include <cstdint>

namespace pmatch {

/// An item's best score for a query; `row` is the item's number in the collection.
struct Neighbour {
    std::int64_t row = 0;
    float score = 0;

    friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

/// Descending score, ties by ascending row.
inline bool better_neighbour(const Neighbour& a, const Neighbour& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

}  // namespace pmatch
