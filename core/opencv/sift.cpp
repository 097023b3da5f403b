#include "core/opencv/sift.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/core/hal/hal.hpp>

namespace pmatch {
namespace {

/// Slopes at some pixels as lengths and directions; what is done at once is fast.
struct Slopes {
    std::vector<float> dx, dy, weights, lengths, degrees;
    std::size_t count = 0;

    explicit Slopes(std::size_t most) {
        for (auto* part : {&dx, &dy, &weights, &lengths, &degrees})
            part->resize(most);
    }
    void add(const float* pixel, std::ptrdiff_t width, float weight) {
        dx[count] = pixel[1] - pixel[-1];
        dy[count] = pixel[width] - pixel[-width];
        weights[count] = weight;
        ++count;
    }
    /// Fills lengths, times the weights, and degrees.
    void finish() {
        const auto n = static_cast<int>(count);
        cv::hal::fastAtan32f(dy.data(), dx.data(), degrees.data(), n, true);
        cv::hal::magnitude32f(dx.data(), dy.data(), lengths.data(), n);
        for (std::size_t i = 0; i < count; ++i)
            lengths[i] *= weights[i];
    }
};

/// Slopes need a pixel on every side.
bool inside(const Plane& plane, int x, int y) {
    return x > 0 && y > 0 && x < plane.width - 1 && y < plane.height - 1;
}

constexpr int kDirections = 36;
using Histogram = std::array<float, kDirections>;

/// Weights of a bell of `sigma` at 0, 1, …, `radius`.
std::vector<float> bell(int radius, float sigma) {
    std::vector<float> weights;
    for (int i = 0; i <= radius; ++i)
        weights.push_back(std::exp(-.5F * static_cast<float>(i * i) / (sigma * sigma)));
    return weights;
}

Histogram histogram_around(const Plane& plane, const Blob& blob) {
    const auto radius = static_cast<int>(std::lround(4.5F * blob.scale));
    const auto weights = bell(radius, 1.5F * blob.scale);
    const auto x = static_cast<int>(std::lround(blob.x));
    const auto y = static_cast<int>(std::lround(blob.y));
    const auto side = 2 * static_cast<std::size_t>(radius) + 1;
    Slopes slopes(side * side);
    for (int row = std::max(1, y - radius); row <= std::min(plane.height - 2, y + radius); ++row) {
        const float weight = weights[static_cast<std::size_t>(std::abs(row - y))];
        for (int at = std::max(1, x - radius); at <= std::min(plane.width - 2, x + radius); ++at)
            slopes.add(plane.row(row) + at, plane.width,
                       weight * weights[static_cast<std::size_t>(std::abs(at - x))]);
    }
    slopes.finish();
    Histogram histogram{};
    for (std::size_t i = 0; i < slopes.count; ++i) {
        const auto bin = std::lround(slopes.degrees[i] * kDirections / 360);
        histogram.at(static_cast<std::size_t>(bin) % kDirections) += slopes.lengths[i];
    }
    return histogram;
}

float at_turn(const Histogram& histogram, int bin) {
    return histogram.at(static_cast<std::size_t>((bin + kDirections) % kDirections));
}

Histogram smoothed(const Histogram& raw) {
    Histogram result{};
    for (int i = 0; i < kDirections; ++i)
        result.at(static_cast<std::size_t>(i)) =
            (6 * at_turn(raw, i) + 4 * (at_turn(raw, i - 1) + at_turn(raw, i + 1)) +
             at_turn(raw, i - 2) + at_turn(raw, i + 2)) /
            16;
    return result;
}

constexpr int kCells = 4;    ///< along a side of the square
constexpr int kTurns = 8;    ///< of the descriptor
constexpr int kPerCell = 4;  ///< slopes along a side of a cell
constexpr int kSide = (kCells + 1) * kPerCell;
constexpr float kCellSide = 3;  ///< in scales of the blob
constexpr float kLargest = .2F;

/// Of one of kSide places along a side, half a cell beyond the square on both ends.
struct SidePlace {
    float offset = 0;  ///< from the middle, in cells
    float weight = 0;  ///< of a bell of half the square
    std::array<int, 2> cells{};
    std::array<float, 2> shares{};  ///< of these cells; 0 outside of the square
};

std::array<SidePlace, kSide> side_places() {
    std::array<SidePlace, kSide> places{};
    for (int i = 0; i < kSide; ++i) {
        auto& place = places.at(static_cast<std::size_t>(i));
        const float from_start = (static_cast<float>(i) + .5F) / kPerCell - .5F;
        place.offset = from_start - kCells / 2.F;
        place.weight = std::exp(-.5F * place.offset * place.offset / (kCells * kCells / 4.F));
        const float cell = from_start - .5F;
        const auto first = static_cast<int>(std::floor(cell));
        const float beyond = cell - static_cast<float>(first);
        for (int j = 0; j < 2; ++j) {
            const bool in_square = first + j >= 0 && first + j < kCells;
            place.cells.at(static_cast<std::size_t>(j)) = in_square ? first + j : 0;
            const float share = j == 0 ? 1 - beyond : beyond;
            place.shares.at(static_cast<std::size_t>(j)) = in_square ? share : 0;
        }
    }
    return places;
}

const std::array<SidePlace, kSide>& places() {
    static const auto all = side_places();
    return all;
}

/// Of the kSide x kSide places of the turned square, 0 outside of the picture.
Slopes slopes_around(const Plane& plane, const Blob& blob, float direction) {
    const float radians = direction * std::numbers::pi_v<float> / 180;
    const float side = kCellSide * blob.scale;
    const float cosine = std::cos(radians) * side;
    const float sine = std::sin(radians) * side;
    Slopes slopes(std::size_t{kSide} * kSide);
    for (const auto& down : places()) {
        for (const auto& right : places()) {
            // The nearest pixel, as what is above 0 is rounded down; nothing else counts.
            const float x = blob.x + cosine * right.offset - sine * down.offset + .5F;
            const float y = blob.y + sine * right.offset + cosine * down.offset + .5F;
            const auto px = static_cast<int>(x);
            const auto py = static_cast<int>(y);
            const bool counts = inside(plane, px, py);
            slopes.add(counts ? plane.row(py) + px : plane.row(1) + 1, plane.width,
                       counts ? down.weight * right.weight : 0);
        }
    }
    slopes.finish();
    return slopes;
}

using Descriptor = std::array<float, std::size_t{kCells} * kCells * kTurns>;

void scale_to_length_1(Descriptor& values) {
    float squares = 0;
    for (const float value : values)
        squares += value * value;
    if (squares <= 0) return;
    const float factor = 1 / std::sqrt(squares);
    for (float& value : values)
        value *= factor;
}

/// Adds a slope to the cells around it, and in each to the two directions around its own.
void spread(const SidePlace& down, const SidePlace& right, float turn, float length,
            Descriptor& values) {
    const auto whole = static_cast<int>(turn);
    const float beyond = turn - static_cast<float>(whole);
    const auto first = static_cast<std::size_t>(whole) % kTurns;
    const auto second = (first + 1) % kTurns;
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j) {
            const auto cell = static_cast<std::size_t>(down.cells[i]) * kCells +
                              static_cast<std::size_t>(right.cells[j]);
            const float share = down.shares[i] * right.shares[j] * length;
            values[cell * kTurns + first] += share * (1 - beyond);
            values[cell * kTurns + second] += share * beyond;
        }
    }
}

}  // namespace

std::vector<float> directions(const Plane& plane, const Blob& blob) {
    const auto histogram = smoothed(histogram_around(plane, blob));
    const float least = .8F * *std::max_element(histogram.begin(), histogram.end());
    std::vector<float> result;
    for (int i = 0; i < kDirections; ++i) {
        const float before = at_turn(histogram, i - 1);
        const float here = at_turn(histogram, i);
        const float after = at_turn(histogram, i + 1);
        if (here <= before || here <= after || here < least) continue;
        const float bin =
            static_cast<float>(i) + .5F * (before - after) / (before - 2 * here + after);
        const float degrees = bin * 360 / kDirections;
        result.push_back(degrees < 0 ? degrees + 360 : degrees >= 360 ? degrees - 360 : degrees);
    }
    return result;
}

std::array<float, 128> described(const Plane& plane, const Blob& blob, float direction) {
    const auto slopes = slopes_around(plane, blob, direction);
    Descriptor values{};
    std::size_t at = 0;
    for (const auto& down : places()) {
        for (const auto& right : places()) {
            const float turned = direction - slopes.degrees[at];
            const float turn = (turned < 0 ? turned + 360 : turned) * kTurns / 360;
            spread(down, right, turn, slopes.lengths[at], values);
            ++at;
        }
    }
    scale_to_length_1(values);
    for (float& value : values)
        value = std::min(value, kLargest);
    scale_to_length_1(values);
    return values;
}

}  // namespace pmatch
