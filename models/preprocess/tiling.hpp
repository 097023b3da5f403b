/// How LLaVA-OneVision looks at a picture: all of it in one view, and cut into tiles of the same
/// size. Geometry as the reference library computes it, its roundings of doubles included.
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
    int grid = 0;  ///< patches along a view's side: a view gives grid x grid features
    std::vector<std::array<int, 2>> pinpoints;  ///< height, width of the areas to be tiled
    int max_views = 0;  ///< features of more tiles are shrunk to about these many tiles'
};

/// What becomes of one picture: pixels first, then the features of its tiles.
struct ViewPlan {
    int tile_rows = 0;  ///< 0: a single view, no tiles
    int tile_columns = 0;
    int resized_height = 0;  ///< of the picture inside the tiled area; the rest is black
    int resized_width = 0;
    int top = 0;  ///< black rows above it
    int left = 0;
    bool twin = false;  ///< the only tile is the view of all of it: computed once

    /// Of the map of the tiles' features, tile_rows * grid x tile_columns * grid, this part is
    /// used.
    int first_row = 0;
    int first_column = 0;
    int rows = 0;
    int columns = 0;
    int shrunk_rows = 0;  ///< as many rows and columns are left after shrinking
    int shrunk_columns = 0;
    int tokens = 0;  ///< of the picture, newlines included

    /// Views to be computed.
    int views() const { return 1 + (twin ? 0 : tile_rows * tile_columns); }
};

/// Height and width from 1.
ViewPlan plan_tiles(int height, int width, const TilingSettings& settings);
ViewPlan plan_single_view(const TilingSettings& settings);

/// The most tokens any picture gives.
int most_tokens(const TilingSettings& settings);

/// plan.views() x side x side x 3 bytes: the view of all of it, then the tiles by rows.
std::vector<std::uint8_t> make_views(const Image& image, const ViewPlan& plan, int side,
                                     Filter filter);

}  // namespace pmatch
