#include "core/vision/scale_space.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/vision/blur.hpp"

namespace pmatch {
namespace {

constexpr int kSmallestSide = 16;

/// Blurring by this what is blurred by `from` makes it blurred by `to`.
double added_blur(double from, double to) {
    return std::sqrt(std::max(to * to - from * from, .01));
}

/// Every second pixel of every second row.
Plane halved(const Plane& plane) {
    Plane half(plane.width / 2, plane.height / 2);
    for (int y = 0; y < half.height; ++y) {
        const float* from = plane.row(2 * y);
        float* to = half.row(y);
        for (int x = 0; x < half.width; ++x)
            to[x] = from[std::ptrdiff_t{2} * x];
    }
    return half;
}

Octave octave_from(Plane first) {
    Octave octave;
    octave.blurred.push_back(std::move(first));
    double blur = kFirstBlur;
    for (int i = 1; i < kScalesPerOctave + 3; ++i) {
        const double next = kFirstBlur * std::exp2(static_cast<double>(i) / kScalesPerOctave);
        octave.blurred.push_back(blurred(octave.blurred.back(), added_blur(blur, next)));
        blur = next;
    }
    return octave;
}

}  // namespace

std::vector<Octave> scale_space(const Plane& picture, double sharpness) {
    std::vector<Octave> octaves;
    auto first = blurred(picture, added_blur(sharpness, kFirstBlur));
    while (std::min(first.width, first.height) >= kSmallestSide) {
        octaves.push_back(octave_from(std::move(first)));
        first = halved(octaves.back().blurred[kScalesPerOctave]);
    }
    return octaves;
}

}  // namespace pmatch
