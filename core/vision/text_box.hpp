/// Where a line of text is in a picture.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace pmatch {

struct Corner {
    float x = 0;
    float y = 0;

    friend bool operator==(const Corner&, const Corner&) = default;
};

/// Top left, top right, bottom right, bottom left, in pixels.
using TextBox = std::array<Corner, 4>;

float distance(const Corner& a, const Corner& b);

/// The same corners in the order of a TextBox: of the two left ones and of the two right ones the
/// upper is the top.
TextBox in_corner_order(TextBox box);

/// From top to bottom, and from left to right where two begin less than ten pixels apart in height.
void put_in_reading_order(std::vector<TextBox>& boxes);

struct GridPoint {
    std::int32_t x = 0;
    std::int32_t y = 0;
};

/// The outline of all points within `ratio` x area / circumference of the box, on whole pixels: a
/// network marks the middle of a line, shrunk so that lines do not touch ("unclipping" in Liao et
/// al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020). Corners are
/// round, in steps that are at most a quarter of a pixel off the circle. Empty for a box without
/// area.
std::vector<GridPoint> grown(const TextBox& box, double ratio);

}  // namespace pmatch
