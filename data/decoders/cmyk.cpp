#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i, cmyk += 4, rgb += 3) {
        const int white = cmyk[3];
        for (int channel = 0; channel < 3; ++channel) {
            const int ink = (255 - cmyk[channel]) * white + 128;
            rgb[channel] = static_cast<std::uint8_t>(white - (((ink >> 8) + ink) >> 8));
        }
    }
}

}  // namespace pmatch::detail
