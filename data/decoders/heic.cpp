#include <libheif/heif.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {
namespace {

/// The planes of libheif, its RGB and ours.
constexpr std::uint64_t kBytesPerPixel = 10;

struct Free {
    void operator()(heif_context* context) const { heif_context_free(context); }
    void operator()(const heif_image_handle* handle) const { heif_image_handle_release(handle); }
    void operator()(const heif_image* image) const { heif_image_release(image); }
    void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};

Problem failure(const heif_error& error) {
    const auto message = first_line(error.message != nullptr ? error.message : "damaged");
    if (error.code == heif_error_Unsupported_feature ||
        error.code == heif_error_Unsupported_filetype) {
        return {"unsupported_format", "HEIC: " + message};
    }
    const bool cut = error.subcode == heif_suberror_End_of_data;
    return {cut ? "truncated" : "corrupt", "HEIC: " + message};
}

/// On white, from colours that are multiplied with alpha.
std::vector<std::uint8_t> on_white(const std::vector<std::uint8_t>& rgba) {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(rgba.size() / 4 * 3);
    for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) {
        const unsigned rest = 255U - rgba[i + 3];
        for (std::size_t channel = 0; channel < 3; ++channel)
            rgb.push_back(static_cast<std::uint8_t>(std::min(255U, rgba[i + channel] + rest)));
    }
    return rgb;
}

/// libheif applies rotation and mirroring: the pixels are upright.
Decoded decode(const heif_image_handle* handle, std::uint64_t max_pixels) {
    const bool alpha = heif_image_handle_has_alpha_channel(handle) != 0;
    const std::unique_ptr<heif_decoding_options, Free> options(heif_decoding_options_alloc());
    options->convert_hdr_to_8bit = 1;
    heif_image* decoded = nullptr;
    const auto error = heif_decode_image(
        handle, &decoded, heif_colorspace_RGB,
        alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
    const std::unique_ptr<const heif_image, Free> image(decoded);
    if (error.code != heif_error_Ok) return failure(error);
    Pixels pixels;
    pixels.channels = alpha ? 4 : 3;
    pixels.width = heif_image_get_width(decoded, heif_channel_interleaved);
    pixels.height = heif_image_get_height(decoded, heif_channel_interleaved);
    int stride = 0;
    const auto* rows = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
    if (rows == nullptr || pixels.width < 1 || pixels.height < 1)
        return Problem{"corrupt", "HEIC: there are no pixels in it"};
    const auto height = static_cast<std::size_t>(pixels.height);
    if (auto problem = check_size(static_cast<std::uint64_t>(pixels.width), height, max_pixels))
        return *problem;
    const auto row = static_cast<std::size_t>(pixels.width) * (alpha ? 4U : 3U);
    pixels.values.resize(row * height);
    for (std::size_t y = 0; y < height; ++y)
        std::copy_n(rows + y * static_cast<std::size_t>(stride), row,
                    pixels.values.data() + y * row);
    if (alpha && heif_image_handle_is_premultiplied_alpha(handle) != 0) {
        pixels.values = on_white(pixels.values);
        pixels.channels = 3;
    }
    return pixels;
}

Decoded read_primary(Bytes bytes, std::uint64_t max_pixels) {
    const std::unique_ptr<heif_context, Free> context(heif_context_alloc());
    heif_context_set_max_decoding_threads(context.get(), 0);
    auto error = heif_context_read_from_memory_without_copy(context.get(), bytes.data(),
                                                            bytes.size(), nullptr);
    if (error.code != heif_error_Ok) return failure(error);
    heif_image_handle* primary = nullptr;
    error = heif_context_get_primary_image_handle(context.get(), &primary);
    const std::unique_ptr<const heif_image_handle, Free> handle(primary);
    if (error.code != heif_error_Ok) return failure(error);
    const auto width =
        static_cast<std::uint64_t>(std::max(heif_image_handle_get_width(primary), 0));
    const auto height =
        static_cast<std::uint64_t>(std::max(heif_image_handle_get_height(primary), 0));
    if (auto problem = check_size(width, height, max_pixels)) return *problem;
    if (auto problem = check_memory(width, height, kBytesPerPixel)) return *problem;
    auto decoded = decode(primary, max_pixels);
    if (auto* pixels = std::get_if<Pixels>(&decoded)) {
        pixels->profile.resize(heif_image_handle_get_raw_color_profile_size(primary));
        error = heif_image_handle_get_raw_color_profile(primary, pixels->profile.data());
        if (error.code != heif_error_Ok) pixels->profile.clear();
    }
    return decoded;
}

}  // namespace

Decoded decode_heic(Bytes bytes, std::uint64_t max_pixels) {
    try {
        return read_primary(bytes, max_pixels);
    } catch (const std::bad_alloc&) {
        // libheif believes the sizes in a file: the picture's fault, not the machine's.
        return Problem{"corrupt", "HEIC: its parts claim more memory than there is"};
    }
}

}  // namespace pmatch::detail
