/// Vectors mixed with those of their neighbours, so that what belongs together moves together
/// before it is matched.
#pragma once

#include <span>
#include <vector>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// For a block of unit vectors: v becomes v + Σ score × neighbour over its neighbours that score
/// `at_least` or more, scaled to unit length. `neighbours[i]` are those of `block`'s vector i;
/// their `row` is a place in `all`, a score is the cosine. The vector itself, `first` + i in `all`,
/// counts once, with weight 1, whether it is among its neighbours or not. Sums are in double, in
/// the neighbours' order. Row-major, `dim` values a vector.
std::vector<float> blend(std::span<const float> all, int dim, std::size_t first,
                         std::span<const std::vector<Neighbour>> neighbours, float at_least);

}  // namespace pmatch
