#include "models/preprocess/resample.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/common/each_cpu.hpp"

namespace pmatch {
namespace {

// Weights are fixed-point with this many fractional bits: 32 minus 8 for the pixel and 2 for sums
// above one.
constexpr int kPrecisionBits = 32 - 8 - 2;

double bilinear(double x) {
    x = std::abs(x);
    return x < 1.0 ? 1.0 - x : 0.0;
}

double bicubic(double x) {
    constexpr double kA = -0.5;
    x = std::abs(x);
    if (x < 1.0) return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
    if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * kA;
    return 0.0;
}

double sinc(double x) {
    if (x == 0.0) return 1.0;
    x *= std::numbers::pi;
    return std::sin(x) / x;
}

double lanczos(double x) {
    return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
}

struct Kernel {
    double (*weight)(double);
    double support;
};

Kernel kernel_of(Filter filter) {
    switch (filter) {
        case Filter::kBilinear:
            return {bilinear, 1.0};
        case Filter::kBicubic:
            return {bicubic, 2.0};
        case Filter::kLanczos:
            return {lanczos, 3.0};
    }
    return {bicubic, 2.0};
}

/// The inputs of the weighted sum for one output.
struct Taps {
    int first = 0;
    int count = 0;
    std::size_t weights = 0;  ///< offset of its weights
};

struct Pass {
    std::vector<Taps> taps;
    std::vector<std::int32_t> weights;
};

/// Rounds negative numbers towards zero, as Pillow does.
int rounded(double x) {
    return static_cast<int>(x + 0.5);  // NOLINT(bugprone-incorrect-roundings)
}

/// For outputs `begin`..`begin + count` of `out_size`, from `in_size` inputs.
Pass plan_pass(int in_size, int out_size, const Kernel& kernel, int begin, int count) {
    const double scale = static_cast<double>(in_size) / out_size;
    const double filter_scale = std::max(scale, 1.0);
    const double support = kernel.support * filter_scale;
    const double step = 1.0 / filter_scale;
    Pass pass;
    pass.taps.reserve(static_cast<std::size_t>(count));
    std::vector<double> exact;
    for (int out = begin; out < begin + count; ++out) {
        const double center = (out + 0.5) * scale;
        const int first = std::max(rounded(center - support), 0);
        const int last = std::min(rounded(center + support), in_size);
        exact.clear();
        double sum = 0.0;
        for (int i = first; i < last; ++i) {
            exact.push_back(kernel.weight((i - center + 0.5) * step));
            sum += exact.back();
        }
        pass.taps.push_back({first, last - first, pass.weights.size()});
        for (double weight : exact) {
            if (sum != 0.0) weight /= sum;
            const double fixed = weight * (1 << kPrecisionBits);
            pass.weights.push_back(static_cast<std::int32_t>(fixed + (weight < 0 ? -0.5 : 0.5)));
        }
    }
    return pass;
}

std::uint8_t to_byte(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

// Four 32-bit sums: R, G, B and an unused one. The compiler vectorises it.
using Sums = std::int32_t __attribute__((vector_size(16)));

constexpr std::int32_t kHalf = 1 << (kPrecisionBits - 1);

/// One row: `pixels` holds a Sums per input pixel from `offset` on.
PMATCH_FOR_EACH_CPU
void resample_row(const Sums* pixels, int offset, const Pass& pass, std::uint8_t* out) {
    for (const auto& taps : pass.taps) {
        const Sums* pixel = pixels + (taps.first - offset);
        const std::int32_t* weight = pass.weights.data() + taps.weights;
        Sums sums{kHalf, kHalf, kHalf, 0};
        for (int i = 0; i < taps.count; ++i)
            sums += pixel[i] * weight[i];
        for (int channel = 0; channel < 3; ++channel)
            *out++ = to_byte(sums[channel]);
    }
}

PMATCH_FOR_EACH_CPU
void add_weighted(const std::uint8_t* __restrict row, std::int32_t weight, std::size_t count,
                  std::int32_t* __restrict sums) {
    for (std::size_t i = 0; i < count; ++i)
        sums[i] += row[i] * weight;
}

PMATCH_FOR_EACH_CPU
void store_bytes(const std::int32_t* __restrict sums, std::size_t count,
                 std::uint8_t* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t value = sums[i] >> kPrecisionBits;
        out[i] = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

/// Pixels in memory, starting at one corner.
struct View {
    const std::uint8_t* data = nullptr;
    std::size_t stride = 0;  ///< bytes per row

    View at(int x, int y) const {
        return {data + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x) * 3,
                stride};
    }
};

/// The inputs from `begin` to `end` are read by a pass or a crop.
struct Reach {
    int begin = 0;
    int end = 0;
};

Reach reach_of(const Pass& pass) {
    return {pass.taps.front().first, pass.taps.back().first + pass.taps.back().count};
}

/// `in` starts at column `reach.begin`.
std::vector<std::uint8_t> horizontal(View in, int rows, const Pass& pass, Reach reach) {
    const auto stride = pass.taps.size() * 3;
    std::vector<std::uint8_t> out(stride * static_cast<std::size_t>(rows));
    std::vector<Sums> pixels(static_cast<std::size_t>(reach.end - reach.begin));
    for (int y = 0; y < rows; ++y) {
        const auto* from = in.at(0, y).data;
        for (auto& pixel : pixels) {
            pixel = Sums{from[0], from[1], from[2], 0};
            from += 3;
        }
        resample_row(pixels.data(), reach.begin, pass,
                     out.data() + stride * static_cast<std::size_t>(y));
    }
    return out;
}

/// `in` starts at row `reach.begin`.
std::vector<std::uint8_t> vertical(View in, int columns, const Pass& pass, Reach reach) {
    const auto stride = static_cast<std::size_t>(columns) * 3;
    std::vector<std::uint8_t> out(stride * pass.taps.size());
    std::vector<std::int32_t> sums(stride);
    auto* to = out.data();
    for (const auto& taps : pass.taps) {
        std::fill(sums.begin(), sums.end(), kHalf);
        for (int i = 0; i < taps.count; ++i) {
            add_weighted(in.at(0, taps.first - reach.begin + i).data,
                         pass.weights[taps.weights + static_cast<std::size_t>(i)], stride,
                         sums.data());
        }
        store_bytes(sums.data(), stride, to);
        to += stride;
    }
    return out;
}

std::vector<std::uint8_t> cut(View in, const Window& window) {
    std::vector<std::uint8_t> out;
    out.reserve(static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height) *
                3);
    for (int y = 0; y < window.height; ++y) {
        const auto* row = in.at(0, y).data;
        out.insert(out.end(), row, row + static_cast<std::ptrdiff_t>(window.width) * 3);
    }
    return out;
}

}  // namespace

std::vector<std::uint8_t> resample(const Image& image, int width, int height, Filter filter,
                                   const Window& window) {
    const auto kernel = kernel_of(filter);
    const bool across = width != image.width;
    const bool down = height != image.height;
    Pass columns;
    Pass rows;
    Reach x{window.left, window.left + window.width};
    Reach y{window.top, window.top + window.height};
    if (across) {
        columns = plan_pass(image.width, width, kernel, window.left, window.width);
        x = reach_of(columns);
    }
    if (down) {
        rows = plan_pass(image.height, height, kernel, window.top, window.height);
        y = reach_of(rows);
    }
    const View source{image.rgb.data(), static_cast<std::size_t>(image.width) * 3};
    const auto corner = source.at(x.begin, y.begin);
    if (!across && !down) return cut(corner, window);
    if (!across) return vertical(corner, window.width, rows, y);
    if (!down) return horizontal(corner, window.height, columns, x);

    // Pillow 13 starts with the rows if the height shrinks by many more pixels; each pass rounds to
    // bytes, so the order affects the result.
    if (height < image.height && image.height - height > 2 * (image.width - width)) {
        const auto between = vertical(corner, x.end - x.begin, rows, y);
        const View view{between.data(), static_cast<std::size_t>(x.end - x.begin) * 3};
        return horizontal(view, window.height, columns, x);
    }
    const auto between = horizontal(corner, y.end - y.begin, columns, x);
    const View view{between.data(), static_cast<std::size_t>(window.width) * 3};
    return vertical(view, window.width, rows, y);
}

}  // namespace pmatch
