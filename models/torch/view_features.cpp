#include "models/torch/view_features.hpp"

#include <torch/types.h>

namespace pmatch {

at::Tensor feature_map(const at::Tensor& views, const ViewPlan& plan, const at::Tensor& newline,
                       std::int64_t grid) {
    const auto base = views.select(0, 0);
    if (plan.tile_rows == 0) return at::cat({base, newline.unsqueeze(0)});
    const auto tiles = plan.twin ? views : views.narrow(0, 1, views.size(0) - 1);
    auto map = tiles.reshape({plan.tile_rows, plan.tile_columns, grid, grid, -1})
                   .permute({4, 0, 2, 1, 3})
                   .contiguous()
                   .flatten(1, 2)
                   .flatten(2, 3);
    map = map.narrow(1, plan.first_row, plan.rows).narrow(2, plan.first_column, plan.columns);
    if (plan.shrunk_rows != plan.rows || plan.shrunk_columns != plan.columns) {
        map = at::upsample_bilinear2d(map.unsqueeze(0), {plan.shrunk_rows, plan.shrunk_columns},
                                      /*align_corners=*/false)
                  .squeeze(0);
    }
    const auto ends = newline.view({-1, 1, 1}).expand({-1, plan.shrunk_rows, 1});
    map = at::cat({map, ends}, 2).flatten(1, 2).transpose(0, 1);
    return at::cat({base, map});
}

}  // namespace pmatch
