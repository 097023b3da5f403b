/// What a ranked list is made of.
#pragma once

#include <cstdint>

namespace pmatch {

/// An item's best score for a query; `row` is the item's number in the collection.
struct Neighbour {
    std::int64_t row = 0;
    float score = 0;

    friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

/// The higher score first, equal ones by ascending row.
inline bool better_neighbour(const Neighbour& a, const Neighbour& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

}  // namespace pmatch
