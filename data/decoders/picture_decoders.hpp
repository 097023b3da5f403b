/// Internal to data/: one decoder per format, the table of formats, and shared code.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"

namespace pmatch::detail {

using Bytes = std::span<const std::uint8_t>;

/// A picture with or without transparency; row-major, 3 or 4 interleaved channels R, G, B(, A).
struct Pixels {
    int width = 0;
    int height = 0;
    int channels = 3;
    std::vector<std::uint8_t> values;
    int orientation = 1;                     ///< EXIF orientation, not yet applied
    std::vector<std::uint8_t> profile = {};  ///< ICC profile, if the file has one
};

using Decoded = std::variant<Pixels, Problem>;

/// Each checks the header against `max_pixels` before allocating or decoding.
Decoded decode_jpeg(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_png(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_webp(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_pnm(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_bmp(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_tiff(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_gif(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_avif(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_heic(Bytes bytes, std::uint64_t max_pixels);
Decoded decode_jpeg2000(Bytes bytes, std::uint64_t max_pixels);

/// A format that is read: a row in picture_format.cpp.
struct PictureFormat {
    std::string_view name;                     ///< in messages
    bool (*begins_so)(std::string_view file);  ///< whether the file's bytes begin like the format
    Decoded (*decode)(Bytes bytes, std::uint64_t max_pixels);
    std::array<std::string_view, 4> extensions;  ///< lower case, with the dot; the rest is empty
};

/// Whether the file begins like a TIFF of 64-bit offsets.
bool is_big_tiff(std::string_view file);

/// Where the first JPEG marker is, if it is behind no more than a few stray bytes.
std::optional<std::size_t> find_jpeg(std::string_view file);

/// By the file's first bytes; nullptr for other formats.
const PictureFormat* sniff_format(Bytes bytes);

/// Whether files of a format that is read have this extension: lower case, with the dot.
bool is_picture_extension(std::string_view extension);

/// "JPEG, PNG and PNM are read"
std::string formats_read();

/// Describes a file of an unsupported format: "a GIF picture", "an HTML page", "an empty file".
std::string describe_foreign(Bytes bytes);

/// The Problem "too_many_pixels", or "corrupt" if a side is 0.
std::optional<Problem> check_size(std::uint64_t width, std::uint64_t height,
                                  std::uint64_t max_pixels);

/// The Problem "too_many_pixels" if a decoder that takes this much memory per pixel while it works
/// would take more than 1 GiB.
std::optional<Problem> check_memory(std::uint64_t width, std::uint64_t height,
                                    std::uint64_t bytes_per_pixel);

/// Pillow's formula. `cmyk` is interleaved and inverted as in Adobe's files: 255 is no ink.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, std::size_t pixels);

/// The first line of a library's message: some end with a line break.
inline std::string first_line(std::string_view message) {
    return std::string(message.substr(0, message.find('\n')));
}

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace pmatch::detail
