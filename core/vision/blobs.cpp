#include "core/vision/blobs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/common/each_cpu.hpp"

namespace pmatch {
namespace {

/// Of pixels from the border, where blurs are made of mirrored ones.
constexpr int kBorder = 5;
constexpr int kSteps = 5;
constexpr float kWhite = 255;

/// Three rows of each of four blurs; a difference is that of a row and the one three on.
using Neighbours = std::array<const float*, 12>;

Neighbours around(const Octave& octave, std::size_t plane, int y) {
    Neighbours rows{};
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows.at(i) = octave.blurred[plane - 1 + i / 3].row(y - 1 + static_cast<int>(i % 3));
    return rows;
}

/// marks[x] is 0 where the difference x of the middle row is above `least` and no neighbour is
/// higher, or below -least and none is lower. `high`, `low` and `middle` are for its own use.
PMATCH_FOR_EACH_CPU void mark_extrema(const Neighbours& rows, int width, float least,
                                      float* __restrict high, float* __restrict low,
                                      float* __restrict middle, float* __restrict marks) {
    for (int x = 0; x < width; ++x) {
        float most = rows[3][x] - rows[0][x];
        float fewest = most;
        for (std::size_t i = 1; i < 9; ++i) {
            const float value = rows[i + 3][x] - rows[i][x];
            most = most < value ? value : most;
            fewest = value < fewest ? value : fewest;
        }
        high[x] = most;
        low[x] = fewest;
        middle[x] = rows[7][x] - rows[4][x];
    }
    for (int x = 1; x < width - 1; ++x) {
        const float sides = high[x - 1] < high[x + 1] ? high[x + 1] : high[x - 1];
        const float depths = low[x + 1] < low[x - 1] ? low[x + 1] : low[x - 1];
        const float above = sides < high[x] ? high[x] : sides;
        const float below = low[x] < depths ? low[x] : depths;
        // A value is never above its neighbourhood's highest.
        const float from_top = above - middle[x];
        const float from_bottom = middle[x] - below;
        const float nearer = from_bottom < from_top ? from_bottom : from_top;
        const float size = middle[x] < 0 ? -middle[x] : middle[x];
        marks[x] = size > least ? nearer : 1;
    }
}

/// The differences as a function of x, y and the plane: slopes and curvatures at a pixel.
struct Shape {
    float value = 0;
    std::array<float, 3> slope{};  ///< along x, y, planes
    float xx = 0, yy = 0, ss = 0, xy = 0, xs = 0, ys = 0;
};

Shape shape_at(const Octave& octave, std::size_t plane, int x, int y) {
    const auto at = [&](int dx, int dy, int ds) {
        const auto place = ds < 0 ? plane - 1 : plane + static_cast<std::size_t>(ds);
        return (octave.blurred[place + 1].row(y + dy)[x + dx] -
                octave.blurred[place].row(y + dy)[x + dx]) /
               kWhite;
    };
    Shape shape;
    shape.value = at(0, 0, 0);
    shape.slope = {(at(1, 0, 0) - at(-1, 0, 0)) / 2, (at(0, 1, 0) - at(0, -1, 0)) / 2,
                   (at(0, 0, 1) - at(0, 0, -1)) / 2};
    shape.xx = at(1, 0, 0) + at(-1, 0, 0) - 2 * shape.value;
    shape.yy = at(0, 1, 0) + at(0, -1, 0) - 2 * shape.value;
    shape.ss = at(0, 0, 1) + at(0, 0, -1) - 2 * shape.value;
    shape.xy = (at(1, 1, 0) - at(-1, 1, 0) - at(1, -1, 0) + at(-1, -1, 0)) / 4;
    shape.xs = (at(1, 0, 1) - at(-1, 0, 1) - at(1, 0, -1) + at(-1, 0, -1)) / 4;
    shape.ys = (at(0, 1, 1) - at(0, -1, 1) - at(0, 1, -1) + at(0, -1, -1)) / 4;
    return shape;
}

/// From the pixel to the extremum of the parabola through it; nothing where it has none.
std::optional<std::array<float, 3>> to_extremum(const Shape& s) {
    const float a = s.yy * s.ss - s.ys * s.ys;
    const float b = s.ys * s.xs - s.xy * s.ss;
    const float c = s.xy * s.ys - s.yy * s.xs;
    const float determinant = s.xx * a + s.xy * b + s.xs * c;
    if (determinant == 0) return std::nullopt;
    const float d = s.xx * s.ss - s.xs * s.xs;
    const float e = s.xy * s.xs - s.xx * s.ys;
    const float f = s.xx * s.yy - s.xy * s.xy;
    const auto& g = s.slope;
    return std::array{-(a * g[0] + b * g[1] + c * g[2]) / determinant,
                      -(b * g[0] + d * g[1] + e * g[2]) / determinant,
                      -(c * g[0] + e * g[1] + f * g[2]) / determinant};
}

bool on_an_edge(const Shape& shape, double edge) {
    const float trace = shape.xx + shape.yy;
    const float determinant = shape.xx * shape.yy - shape.xy * shape.xy;
    return determinant <= 0 || trace * trace * edge >= (edge + 1) * (edge + 1) * determinant;
}

/// The blob at or near a pixel that was marked.
std::optional<Blob> placed(const Octave& octave, std::size_t plane, int x, int y,
                           const BlobOptions& options) {
    const auto& size = octave.blurred.front();
    for (int step = 0; step < kSteps; ++step) {
        const auto shape = shape_at(octave, plane, x, y);
        const auto to = to_extremum(shape);
        if (!to) return std::nullopt;
        const auto& [dx, dy, ds] = *to;
        if (std::max({std::abs(dx), std::abs(dy), std::abs(ds)}) < .5F) {
            const float value =
                shape.value + (shape.slope[0] * dx + shape.slope[1] * dy + shape.slope[2] * ds) / 2;
            if (std::abs(value) * kScalesPerOctave < options.contrast) return std::nullopt;
            if (on_an_edge(shape, options.edge)) return std::nullopt;
            const float blur = (static_cast<float>(plane) + ds) / kScalesPerOctave;
            return Blob{0,
                        plane,
                        static_cast<float>(x) + dx,
                        static_cast<float>(y) + dy,
                        static_cast<float>(kFirstBlur) * std::exp2(blur),
                        std::abs(value)};
        }
        if (std::max({std::abs(dx), std::abs(dy), std::abs(ds)}) > 1e4F) return std::nullopt;
        x += static_cast<int>(std::lround(dx));
        y += static_cast<int>(std::lround(dy));
        const int next = static_cast<int>(plane) + static_cast<int>(std::lround(ds));
        if (next < 1 || next > kScalesPerOctave || x < kBorder || y < kBorder ||
            x >= size.width - kBorder || y >= size.height - kBorder)
            return std::nullopt;
        plane = static_cast<std::size_t>(next);
    }
    return std::nullopt;
}

void find_in(const Octave& octave, const BlobOptions& options, std::vector<Blob>& blobs) {
    const auto& size = octave.blurred.front();
    const auto least = static_cast<float>(.5 * options.contrast / kScalesPerOctave) * kWhite;
    const auto width = static_cast<std::size_t>(size.width);
    std::vector<float> high(width);
    std::vector<float> low(width);
    std::vector<float> middle(width);
    std::vector<float> marks(width);
    for (std::size_t plane = 1; plane <= kScalesPerOctave; ++plane) {
        for (int y = kBorder; y < size.height - kBorder; ++y) {
            mark_extrema(around(octave, plane, y), size.width, least, high.data(), low.data(),
                         middle.data(), marks.data());
            for (int x = kBorder; x < size.width - kBorder; ++x) {
                if (marks[static_cast<std::size_t>(x)] != 0) continue;
                if (const auto blob = placed(octave, plane, x, y, options)) blobs.push_back(*blob);
            }
        }
    }
}

}  // namespace

std::vector<Blob> find_blobs(const std::vector<Octave>& octaves, const BlobOptions& options) {
    std::vector<Blob> blobs;
    for (std::size_t i = 0; i < octaves.size(); ++i) {
        const auto before = blobs.size();
        find_in(octaves[i], options, blobs);
        for (auto at = before; at < blobs.size(); ++at)
            blobs[at].octave = i;
    }
    return blobs;
}

}  // namespace pmatch
