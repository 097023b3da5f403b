#include "core/vision/blur.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "core/common/each_cpu.hpp"

namespace pmatch {
namespace {

/// As many as a CPU works on at once; g++ makes halves of it for one that has less.
using Lanes = float __attribute__((vector_size(32)));
using UnalignedLanes = float __attribute__((vector_size(32), aligned(4), may_alias));
constexpr int kLanes = 8;
constexpr int kBlock = 2 * kLanes;

const UnalignedLanes& loaded(const float* values) {
    return *reinterpret_cast<const UnalignedLanes*>(values);
}

/// Of the middle and of those at distances 1, 2, … on either side; all together 1.
std::vector<float> bell(double sigma) {
    const auto radius = std::max(1, static_cast<int>(std::lround(3 * sigma)));
    std::vector<double> weights;
    double sum = 0;
    for (int i = 0; i <= radius; ++i) {
        weights.push_back(std::exp(-.5 * i * i / (sigma * sigma)));
        sum += i == 0 ? weights.back() : 2 * weights.back();
    }
    std::vector<float> result;
    for (const double weight : weights)
        result.push_back(static_cast<float>(weight / sum));
    return result;
}

/// out[x] = weights[0] · middle[0][x] + the sum of weights[i] · (middle[-i][x] + middle[i][x]).
PMATCH_FOR_EACH_CPU void weighted_sum(const float* const* middle, const float* weights, int radius,
                                      int width, float* out) {
    if (width < kBlock) {
        for (int x = 0; x < width; ++x) {
            out[x] = weights[0] * middle[0][x];
            for (int i = 1; i <= radius; ++i)
                out[x] += weights[i] * (middle[-i][x] + middle[i][x]);
        }
        return;
    }
    for (int start = 0; start < width; start += kBlock) {
        // The last block is moved back to be whole: some are worked out once more.
        const int x = std::min(start, width - kBlock);
        Lanes left = weights[0] * loaded(middle[0] + x);
        Lanes right = weights[0] * loaded(middle[0] + x + kLanes);
        for (int i = 1; i <= radius; ++i) {
            left += weights[i] * (loaded(middle[-i] + x) + loaded(middle[i] + x));
            right +=
                weights[i] * (loaded(middle[-i] + x + kLanes) + loaded(middle[i] + x + kLanes));
        }
        std::memcpy(out + x, &left, sizeof left);
        std::memcpy(out + x + kLanes, &right, sizeof right);
    }
}

int mirrored_at(int place, int size) {
    if (size == 1) return 0;
    while (place < 0 || place >= size)
        place = place < 0 ? -place : 2 * (size - 1) - place;
    return place;
}

/// `line` with its first `width` values at `radius`, mirrored on both sides.
void mirror_ends(std::span<float> line, int radius, int width) {
    float* start = line.data() + radius;
    for (int i = 1; i <= radius; ++i) {
        start[-i] = start[mirrored_at(-i, width)];
        start[width - 1 + i] = start[mirrored_at(width - 1 + i, width)];
    }
}

}  // namespace

Plane blurred(const Plane& plane, double sigma) {
    const auto weights = bell(sigma);
    const auto radius = static_cast<int>(weights.size()) - 1;
    Plane result(plane.width, plane.height);
    std::vector<float> line(static_cast<std::size_t>(plane.width + 2 * radius));
    std::vector<const float*> rows(2 * weights.size() - 1);
    std::vector<const float*> shifts;
    for (int i = 0; i <= 2 * radius; ++i)
        shifts.push_back(line.data() + i);
    for (int y = 0; y < plane.height; ++y) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = plane.row(mirrored_at(y - radius + static_cast<int>(i), plane.height));
        weighted_sum(rows.data() + radius, weights.data(), radius, plane.width,
                     line.data() + radius);
        mirror_ends(line, radius, plane.width);
        weighted_sum(shifts.data() + radius, weights.data(), radius, plane.width, result.row(y));
    }
    return result;
}

}  // namespace pmatch
