/// The views of LLaVA-OneVision: the whole picture, and tiles of the same size. Geometry identical
/// to the reference library's, including rounding of doubles.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/common/image.hpp"
#include "models/package/package.hpp"

namespace pmatch {

struct TilingSettings {
    int side = 0;  ///< height and width of a view in pixels
    int grid = 0;  ///< patches per side of a view, which gives grid x grid features
    std::vector<std::array<int, 2>> pinpoints;  ///< height, width of the possible tiled areas
    int max_views = 0;  ///< features of more tiles are downscaled to about this many tiles' size
};

/// The processing of one picture: pixels first, then the features of its tiles.
struct ViewPlan {
    int tile_rows = 0;  ///< 0: a single view, no tiles
    int tile_columns = 0;
    int resized_height = 0;  ///< of the picture inside the tiled area; the rest is black padding
    int resized_width = 0;
    int top = 0;  ///< black rows above the picture
    int left = 0;
    bool twin = false;  ///< the only tile equals the whole view: computed once

    /// The part used of the tiles' feature map, which has tile_rows * grid x tile_columns * grid
    /// features.
    int first_row = 0;
    int first_column = 0;
    int rows = 0;
    int columns = 0;
    int shrunk_rows = 0;  ///< number of rows and columns after downscaling
    int shrunk_columns = 0;
    int tokens = 0;  ///< of the picture, including newlines

    /// Number of views to compute.
    int views() const { return 1 + (twin ? 0 : tile_rows * tile_columns); }
};

/// Height and width must be at least 1.
ViewPlan plan_tiles(int height, int width, const TilingSettings& settings);
ViewPlan plan_single_view(const TilingSettings& settings);

/// The maximum number of tokens of any picture.
int most_tokens(const TilingSettings& settings);

/// plan.views() x side x side x 3 bytes: the whole view, then the tiles row by row.
std::vector<std::uint8_t> make_views(const Image& image, const ViewPlan& plan, int side,
                                     Filter filter);

}  // namespace pmatch
