#include "core/vision/colour_histogram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/vision/lab_picture.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kValues = 256;

/// The two bins that share a value of a channel, and the second one's share.
struct Shared {
    std::size_t first = 0;
    std::size_t second = 0;
    double share = 0;
};

using Channel = std::array<Shared, kValues>;

/// `value_of` maps 0 … 255 to 0 … 1 over the bins. A bin's middle gives the whole pixel to it.
template <typename ValueOf>
Channel shares(int bins, ValueOf value_of) {
    Channel channel;
    for (std::size_t value = 0; value < kValues; ++value) {
        const double at =
            std::clamp(value_of(static_cast<double>(value)) * bins - 0.5, 0.0, bins - 1.0);
        const auto first = static_cast<std::size_t>(at);
        const auto last = static_cast<std::size_t>(bins) - 1;
        channel.at(value) = {first, std::min(first + 1, last), at - static_cast<double>(first)};
    }
    return channel;
}

class Histogram {
public:
    explicit Histogram(const ColourOptions& options)
        : lightness_(shares(options.lightness_bins, [](double v) { return v / 255; })),
          chroma_(shares(options.chroma_bins,
                         [reach = options.chroma_reach](double v) {
                             return (v - 128 + reach) / (2 * reach);
                         })),
          side_(static_cast<std::size_t>(options.chroma_bins)),
          counts_(static_cast<std::size_t>(colour_dim(options))) {}

    void add(const std::uint8_t* lab, double weight) {
        const auto& l = lightness_[lab[0]];
        const auto& a = chroma_[lab[1]];
        const auto& b = chroma_[lab[2]];
        add_plane(l.first * side_, a, b, weight * (1 - l.share));
        add_plane(l.second * side_, a, b, weight * l.share);
    }

    /// The square roots, scaled to unit length.
    std::vector<float> roots() const {
        double sum = 0;
        for (const double count : counts_)
            sum += count;
        std::vector<float> vector;
        for (const double count : counts_)
            vector.push_back(static_cast<float>(std::sqrt(count / sum)));
        return vector;
    }

private:
    void add_plane(std::size_t plane, const Shared& a, const Shared& b, double weight) {
        add_row((plane + a.first) * side_, b, weight * (1 - a.share));
        add_row((plane + a.second) * side_, b, weight * a.share);
    }

    void add_row(std::size_t row, const Shared& b, double weight) {
        counts_[row + b.first] += weight * (1 - b.share);
        counts_[row + b.second] += weight * b.share;
    }

    Channel lightness_;
    Channel chroma_;  ///< of a* and b*
    std::size_t side_;
    std::vector<double> counts_;
};

}  // namespace

int colour_dim(const ColourOptions& options) {
    return options.lightness_bins * options.chroma_bins * options.chroma_bins;
}

std::vector<float> colour_histogram(const Image& image, const ColourOptions& options) {
    const auto picture = small_lab(image, options.longest);
    const auto weights = product_weights(picture, options.mask);
    Histogram histogram(options);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] > 0) histogram.add(&picture.lab[3 * i], weights[i]);
    }
    return histogram.roots();
}

}  // namespace pmatch
