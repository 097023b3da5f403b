/// What the comparison of an item's pictures with the query's by their local features found.
#pragma once

#include <cstddef>

#include "core/vision/geometry.hpp"

namespace pmatch {

struct Verification {
    std::size_t query_picture = 0;  ///< of the best pair: its place among the query's pictures
    std::size_t item_picture = 0;   ///< and among the item's
    Geometry geometry;              ///< from the item's picture to the query's
};

}  // namespace pmatch
