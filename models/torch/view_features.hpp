/// From the features of a picture's views to what the decoder reads. Only for files that see
/// torch's headers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "models/preprocess/tiling.hpp"

namespace pmatch {

/// View of all, then the tiles' features as one map: black borders cut off, shrunk where there are
/// very many, a newline behind each row. `views` [views, grid x grid, hidden], `newline` [hidden];
/// returns [plan.tokens, hidden].
at::Tensor feature_map(const at::Tensor& views, const ViewPlan& plan, const at::Tensor& newline,
                       std::int64_t grid);

}  // namespace pmatch
