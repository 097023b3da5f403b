#include "data/decoders/png_apple.hpp"

#include <algorithm>
#include <cstddef>

#include "data/decoders/png_repair.hpp"

namespace pmatch::detail {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kMarkEnd = kSignature + 16;  // of CgBI with its length, name and checksum

}  // namespace

bool is_apple_png(Bytes png) {
    return png.size() > kMarkEnd && as_text(png.subspan(kSignature, 8)) == std::string_view(
                                                                               "\0\0\0\x04"
                                                                               "CgBI",
                                                                               8);
}

std::vector<std::uint8_t> framed_png(Bytes apple, std::uint64_t max_pixels) {
    std::vector<std::uint8_t> plain(apple.begin(), apple.begin() + kSignature);
    plain.insert(plain.end(), apple.begin() + kMarkEnd, apple.end());
    return repair_png(plain, max_pixels, PngStream::kRaw);
}

void to_rgb_on_white(Pixels& pixels) {
    const auto channels = static_cast<std::size_t>(pixels.channels);
    const auto count = pixels.values.size() / channels;
    auto* out = pixels.values.data();  // never ahead of `pixel`
    for (std::size_t i = 0; i < count; ++i, out += 3) {
        const auto* pixel = pixels.values.data() + i * channels;
        const unsigned rest = channels == 4 ? 255U - pixel[3] : 0U;
        const auto level = [&](std::size_t channel) {
            return static_cast<std::uint8_t>(std::min(255U, pixel[channel] + rest));
        };
        const std::uint8_t red = level(2);
        const std::uint8_t green = level(1);
        const std::uint8_t blue = level(0);
        out[0] = red;
        out[1] = green;
        out[2] = blue;
    }
    pixels.values.resize(3 * count);
    pixels.channels = 3;
}

}  // namespace pmatch::detail
