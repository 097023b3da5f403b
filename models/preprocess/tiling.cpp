#include "models/preprocess/tiling.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "models/preprocess/resample.hpp"

namespace pmatch {
namespace {

/// Python's int(round(value, 7)), which rounds the exact decimal value.
int whole_part(double value) {
    std::array<char, 64> text{};
    (void)std::snprintf(text.data(), text.size(), "%.7f", value);
    return static_cast<int>(std::strtod(text.data(), nullptr));
}

/// Python's a // b for positive doubles.
int floor_divide(double a, double b) {
    const double quotient = (a - std::fmod(a, b)) / b;
    const double whole = std::floor(quotient);
    return static_cast<int>(quotient - whole > 0.5 ? whole + 1 : whole);
}

/// The area that keeps most of the picture's pixels; ties by smallest area.
std::array<int, 2> best_area(int height, int width, const TilingSettings& settings) {
    std::array<int, 2> best = settings.pinpoints.front();
    std::int64_t most_kept = 0;
    auto least_wasted = std::numeric_limits<std::int64_t>::max();
    for (const auto& [area_height, area_width] : settings.pinpoints) {
        const double scale = std::min(static_cast<double>(area_width) / width,
                                      static_cast<double>(area_height) / height);
        const auto scaled =
            static_cast<std::int64_t>(width * scale) * static_cast<std::int64_t>(height * scale);
        const auto kept = std::min(scaled, static_cast<std::int64_t>(width) * height);
        const auto wasted = static_cast<std::int64_t>(area_width) * area_height - kept;
        if (kept > most_kept || (kept == most_kept && wasted < least_wasted)) {
            most_kept = kept;
            least_wasted = wasted;
            best = {area_height, area_width};
        }
    }
    return best;
}

void place_picture(ViewPlan& plan, int height, int width, const std::array<int, 2>& area) {
    const double across = static_cast<double>(area[1]) / width;
    const double down = static_cast<double>(area[0]) / height;
    if (across < down) {
        plan.resized_width = area[1];
        plan.resized_height = std::min(static_cast<int>(std::ceil(height * across)), area[0]);
    } else {
        plan.resized_height = area[0];
        plan.resized_width = std::min(static_cast<int>(std::ceil(width * down)), area[1]);
    }
    plan.top = (area[0] - plan.resized_height) / 2;
    plan.left = (area[1] - plan.resized_width) / 2;
}

/// Selects the features that are not of black rows or columns.
void keep_features(ViewPlan& plan, int height, int width, int grid) {
    plan.rows = plan.tile_rows * grid;
    plan.columns = plan.tile_columns * grid;
    const double shape = static_cast<double>(width) / height;
    if (shape > static_cast<double>(plan.columns) / plan.rows) {
        const int used = whole_part(height * (static_cast<double>(plan.columns) / width));
        plan.first_row = (plan.rows - used) / 2;
        plan.rows -= 2 * plan.first_row;
    } else {
        const int used = whole_part(width * (static_cast<double>(plan.rows) / height));
        plan.first_column = (plan.columns - used) / 2;
        plan.columns -= 2 * plan.first_column;
    }
}

void shrink_features(ViewPlan& plan, const TilingSettings& settings) {
    constexpr double kMuch = 1.1;
    const double most = static_cast<double>(settings.max_views) * settings.grid * settings.grid;
    const double ratio = std::sqrt(static_cast<double>(plan.rows) * plan.columns / most);
    plan.shrunk_rows = ratio > kMuch ? floor_divide(plan.rows, ratio) : plan.rows;
    plan.shrunk_columns = ratio > kMuch ? floor_divide(plan.columns, ratio) : plan.columns;
}

}  // namespace

ViewPlan plan_tiles(int height, int width, const TilingSettings& settings) {
    ViewPlan plan;
    const auto area = best_area(height, width, settings);
    plan.tile_rows = area[0] / settings.side;
    plan.tile_columns = area[1] / settings.side;
    place_picture(plan, height, width, area);
    plan.twin = plan.tile_rows == 1 && plan.tile_columns == 1 &&
                plan.resized_height == settings.side && plan.resized_width == settings.side;
    keep_features(plan, height, width, settings.grid);
    shrink_features(plan, settings);
    plan.tokens = settings.grid * settings.grid + plan.shrunk_rows * (plan.shrunk_columns + 1);
    return plan;
}

ViewPlan plan_single_view(const TilingSettings& settings) {
    ViewPlan plan;
    plan.tokens = settings.grid * settings.grid + 1;
    return plan;
}

int most_tokens(const TilingSettings& settings) {
    // Without downscaling the ratio is at most 1.1; newlines add one column, in the worst case to a
    // map one tile wide.
    const double features = 1.1 * 1.1 * settings.max_views * settings.grid * settings.grid;
    const double newlines = features / settings.grid;
    return settings.grid * settings.grid + static_cast<int>(features + newlines) + 1;
}

std::vector<std::uint8_t> make_views(const Image& image, const ViewPlan& plan, int side,
                                     Filter filter) {
    auto views = resample(image, side, side, filter, {0, 0, side, side});
    if (plan.views() == 1) return views;
    const auto whole = resample(image, plan.resized_width, plan.resized_height, filter,
                                {0, 0, plan.resized_width, plan.resized_height});
    const auto row_bytes = static_cast<std::size_t>(side) * 3;
    const auto view_bytes = row_bytes * static_cast<std::size_t>(side);
    views.resize(view_bytes * static_cast<std::size_t>(plan.views()));  // zeros are black
    for (int tile = 0; tile + 1 < plan.views(); ++tile) {
        const int left = tile % plan.tile_columns * side - plan.left;
        const int top = tile / plan.tile_columns * side - plan.top;
        const int x0 = std::max(left, 0);
        const int x1 = std::min(left + side, plan.resized_width);
        if (x0 >= x1) continue;
        auto* to = views.data() + view_bytes * static_cast<std::size_t>(tile + 1);
        for (int y = std::max(top, 0); y < std::min(top + side, plan.resized_height); ++y) {
            const auto* from = whole.data() + (static_cast<std::size_t>(y) *
                                                   static_cast<std::size_t>(plan.resized_width) +
                                               static_cast<std::size_t>(x0)) *
                                                  3;
            std::copy(from, from + static_cast<std::ptrdiff_t>(x1 - x0) * 3,
                      to + static_cast<std::size_t>(y - top) * row_bytes +
                          static_cast<std::size_t>(x0 - left) * 3);
        }
    }
    return views;
}

}  // namespace pmatch
