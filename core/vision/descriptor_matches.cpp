#include "core/vision/descriptor_matches.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "core/common/each_cpu.hpp"

namespace pmatch {
namespace {

/// Descriptors of this many keypoints fit into the first cache together.
constexpr std::size_t kTile = 32;

/// A row of squared distances, seen from one keypoint.
struct Nearest {
    std::size_t at = 0;
    std::int32_t first = std::numeric_limits<std::int32_t>::max();
    std::int32_t second = std::numeric_limits<std::int32_t>::max();

    void see(std::size_t other, std::int32_t distance) {
        if (distance < first) {
            second = first;
            first = distance;
            at = other;
        } else if (distance < second) {
            second = distance;
        }
    }
};

/// out[i] = a · row i of b, of `rows` rows.
PMATCH_FOR_EACH_CPU void inner_products(const std::int16_t* a, const std::int16_t* b,
                                        std::size_t rows, std::int32_t* out) {
    for (std::size_t row = 0; row < rows; ++row) {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < kDescriptorBytes; ++i)
            sum += a[i] * b[row * kDescriptorBytes + i];
        out[row] = sum;
    }
}

/// 16 bits wide, as the CPU multiplies them.
std::vector<std::int16_t> widened(const Keypoints& keypoints) {
    return {keypoints.descriptors.begin(), keypoints.descriptors.end()};
}

std::vector<std::int32_t> squared_lengths(const std::vector<std::int16_t>& descriptors) {
    std::vector<std::int32_t> lengths(descriptors.size() / kDescriptorBytes);
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto* one = descriptors.data() + i * kDescriptorBytes;
        inner_products(one, one, 1, &lengths[i]);
    }
    return lengths;
}

}  // namespace

std::vector<DescriptorMatch> match_descriptors(const Keypoints& from, const Keypoints& to,
                                               double ratio) {
    const auto a = widened(from);
    const auto b = widened(to);
    const auto lengths_a = squared_lengths(a);
    const auto lengths_b = squared_lengths(b);
    std::vector<Nearest> from_a(lengths_a.size());
    std::vector<Nearest> from_b(lengths_b.size());
    std::vector<std::int32_t> products(kTile);
    for (std::size_t tile = 0; tile < lengths_b.size(); tile += kTile) {
        const auto rows = std::min(kTile, lengths_b.size() - tile);
        for (std::size_t i = 0; i < lengths_a.size(); ++i) {
            inner_products(a.data() + i * kDescriptorBytes, b.data() + tile * kDescriptorBytes,
                           rows, products.data());
            for (std::size_t j = 0; j < rows; ++j) {
                const auto distance = lengths_a[i] + lengths_b[tile + j] - 2 * products[j];
                from_a[i].see(tile + j, distance);
                from_b[tile + j].see(i, distance);
            }
        }
    }
    std::vector<DescriptorMatch> matches;
    if (lengths_b.size() < 2) return matches;  // nothing is second nearest
    for (std::size_t i = 0; i < from_a.size(); ++i) {
        const auto& near = from_a[i];
        const bool clear = near.first < ratio * ratio * near.second;
        if (clear && from_b[near.at].at == i) matches.push_back({i, near.at});
    }
    return matches;
}

}  // namespace pmatch
