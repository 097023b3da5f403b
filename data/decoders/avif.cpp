#include <avif/avif.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {
namespace {

/// The planes of libavif, with room for 10 bits, and the pixels.
constexpr std::uint64_t kBytesPerPixel = 10;

struct Destroy {
    void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};

Problem failure(const avifDecoder& decoder, avifResult result) {
    if (result == AVIF_RESULT_OUT_OF_MEMORY) throw std::bad_alloc();
    const bool cut = result == AVIF_RESULT_TRUNCATED_DATA || result == AVIF_RESULT_IO_ERROR;
    const auto detail = first_line(static_cast<const char*>(decoder.diag.error));
    return {cut ? "truncated" : "corrupt", std::string("AVIF: ") + avifResultToString(result) +
                                               (detail.empty() ? "" : ": " + detail)};
}

/// The EXIF orientation of the container's rotation (anticlockwise) and mirroring, which is applied
/// after it. As in Pillow, EXIF data has no say.
int orientation_of(const avifImage& image) {
    constexpr std::array<int, 4> kTurned{1, 8, 3, 6};
    constexpr std::array<int, 4> kTopDown{4, 5, 2, 7};    // axis 0: top and bottom are exchanged
    constexpr std::array<int, 4> kLeftRight{2, 7, 4, 5};  // axis 1: left and right are
    const bool turns = (image.transformFlags & AVIF_TRANSFORM_IROT) != 0;
    const std::size_t angle = turns ? image.irot.angle & 3U : 0U;
    if ((image.transformFlags & AVIF_TRANSFORM_IMIR) == 0) return kTurned.at(angle);
#if AVIF_VERSION >= 1000000
    const auto axis = image.imir.axis;
#else
    const auto axis = image.imir.mode;
#endif
    return axis == 0 ? kTopDown.at(angle) : kLeftRight.at(angle);
}

avifResult decode_first(avifDecoder* decoder, Pixels& pixels) {
    const auto decoded = avifDecoderNextImage(decoder);
    if (decoded != AVIF_RESULT_OK) return decoded;
    avifImage* image = decoder->image;
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, image);
    rgb.depth = 8;
    rgb.format = pixels.channels == 4 ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
    rgb.ignoreAlpha = pixels.channels == 3 ? AVIF_TRUE : AVIF_FALSE;
    rgb.rowBytes = image->width * static_cast<std::uint32_t>(pixels.channels);
    pixels.values.resize(std::size_t{rgb.rowBytes} * image->height);
    rgb.pixels = pixels.values.data();
    return avifImageYUVToRGB(image, &rgb);
}

/// dav1d, libavif's first choice, writes what it thinks of damage to stderr. What AV1 decodes to is
/// defined to the bit, so the choice makes no difference to pixels.
avifCodecChoice silent_codec() {
    const bool has_aom =
        avifCodecName(AVIF_CODEC_CHOICE_AOM, AVIF_CODEC_FLAG_CAN_DECODE) != nullptr;
    return has_aom ? AVIF_CODEC_CHOICE_AOM : AVIF_CODEC_CHOICE_AUTO;
}

}  // namespace

Decoded decode_avif(Bytes bytes, std::uint64_t max_pixels) {
    const std::unique_ptr<avifDecoder, Destroy> decoder(avifDecoderCreate());
    if (!decoder) throw std::bad_alloc();
    decoder->codecChoice = silent_codec();
    decoder->maxThreads = 1;
    decoder->ignoreExif = AVIF_TRUE;
    decoder->ignoreXMP = AVIF_TRUE;
    // Older encoders leave out what these two want; Pillow does without, too.
    decoder->strictFlags &= ~static_cast<avifStrictFlags>(AVIF_STRICT_CLAP_VALID);
    decoder->strictFlags &= ~static_cast<avifStrictFlags>(AVIF_STRICT_PIXI_REQUIRED);
    auto result = avifDecoderSetIOMemory(decoder.get(), bytes.data(), bytes.size());
    if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder.get());
    if (result != AVIF_RESULT_OK) return failure(*decoder, result);
    const auto& image = *decoder->image;
    if (auto problem = check_size(image.width, image.height, max_pixels)) return *problem;
    if (auto problem = check_memory(image.width, image.height, kBytesPerPixel)) return *problem;
    Pixels pixels{static_cast<int>(image.width),
                  static_cast<int>(image.height),
                  decoder->alphaPresent != AVIF_FALSE ? 4 : 3,
                  {},
                  orientation_of(image)};
    result = decode_first(decoder.get(), pixels);
    if (result != AVIF_RESULT_OK) return failure(*decoder, result);
    const auto& profile = decoder->image->icc;
    pixels.profile.assign(profile.data, profile.data + profile.size);
    pixels.width = static_cast<int>(decoder->image->width);
    pixels.height = static_cast<int>(decoder->image->height);
    return pixels;
}

}  // namespace pmatch::detail
