/// Blends vectors with those of their neighbours before matching (diffusion), which moves similar
/// items closer together.
#pragma once

#include <span>
#include <vector>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// For a block of unit vectors: v becomes v + Σ score × neighbour over its neighbours with a score
/// of at least `at_least`, normalised to unit length. `neighbours[i]` belongs to vector i of
/// `block`; `row` is an index into `all`, the score is the cosine. The vector itself, at `first` +
/// i in `all`, counts once with weight 1, whether it is listed as a neighbour or not. Sums are in
/// double, in the neighbours' order. Row-major, `dim` values per vector.
std::vector<float> blend(std::span<const float> all, int dim, std::size_t first,
                         std::span<const std::vector<Neighbour>> neighbours, float at_least);

}  // namespace pmatch
