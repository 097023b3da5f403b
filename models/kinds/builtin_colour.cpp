#include "models/kinds/builtin_colour.hpp"

#include <fmt/format.h>

#include "core/vision/colour_histogram.hpp"

namespace pmatch {
namespace {

/// Goes up with every change of the code that changes vectors and no option.
constexpr int kVersion = 1;

std::string settings_of(const ColourOptions& options) {
    const auto& mask = options.mask;
    return fmt::format(
        "version {}; CIE L*a*b* in 8 bits, longer side {} pixels at most; {} x {} x {} bins of L*, "
        "a* and b* (-{:g} to {:g}), trilinear, square roots; background: border {:g}, distance "
        "below {:g}, plain from {:g} of the border, product {:g} to {:g} of the picture; bell of "
        "sigma {:g} on it, {:g} where there is none",
        kVersion, options.longest, options.lightness_bins, options.chroma_bins, options.chroma_bins,
        options.chroma_reach, options.chroma_reach, mask.border, mask.alike, mask.plain, mask.least,
        mask.most, mask.spread, mask.centre);
}

}  // namespace

Builtin builtin_colour() {
    const ColourOptions options;
    Builtin builtin;
    builtin.name = "colour";
    builtin.about =
        "which colours the product has and in what shares, without a plain background, or of a "
        "photo's middle";
    builtin.settings = settings_of(options);
    builtin.dim = colour_dim(options);
    builtin.normalized = true;
    builtin.describe = [options](const Image& image) { return colour_histogram(image, options); };
    return builtin;
}

}  // namespace pmatch
