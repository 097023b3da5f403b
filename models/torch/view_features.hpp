/// Assembles the features of a picture's views into the decoder's input. Only for files that
/// include torch's headers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "models/preprocess/tiling.hpp"

namespace pmatch {

/// The whole view, then the tiles' features as one map: black borders cropped, downscaled if there
/// are very many, a newline after each row. `views` [views, grid x grid, hidden], `newline`
/// [hidden]; returns [plan.tokens, hidden].
at::Tensor feature_map(const at::Tensor& views, const ViewPlan& plan, const at::Tensor& newline,
                       std::int64_t grid);

}  // namespace pmatch
