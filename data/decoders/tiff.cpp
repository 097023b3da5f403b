#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "data/decoders/exif.hpp"
#include "data/decoders/picture_decoders.hpp"
#include "data/decoders/tiff_cmyk.hpp"
#include "data/decoders/tiff_samples.hpp"

namespace pmatch::detail {

namespace {

/// The file in memory, for libtiff's I/O callbacks.
struct Source {
    Bytes bytes;
    std::uint64_t at = 0;
    std::string message;  ///< libtiff's first error
};

Source& source_of(thandle_t handle) {
    return *static_cast<Source*>(handle);
}

tmsize_t on_read(thandle_t handle, void* target, tmsize_t size) {
    auto& source = source_of(handle);
    if (source.at >= source.bytes.size() || size <= 0) return 0;
    const auto left = source.bytes.size() - source.at;
    const auto count = std::min<std::uint64_t>(left, static_cast<std::uint64_t>(size));
    std::memcpy(target, source.bytes.data() + source.at, count);
    source.at += count;
    return static_cast<tmsize_t>(count);
}

tmsize_t on_write(thandle_t, void*, tmsize_t) {
    return -1;
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    auto& source = source_of(handle);
    source.at = whence == SEEK_SET   ? offset
                : whence == SEEK_CUR ? source.at + offset
                                     : source.bytes.size() + offset;
    return source.at;
}

int on_close(thandle_t) {
    return 0;
}

toff_t on_size(thandle_t handle) {
    return source_of(handle).bytes.size();
}

int on_map(thandle_t handle, void** base, toff_t* size) {
    auto& source = source_of(handle);
    *base = const_cast<std::uint8_t*>(source.bytes.data());  // opened for reading only
    *size = source.bytes.size();
    return 1;
}

void on_unmap(thandle_t, void*, toff_t) {}

int on_error(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
    auto& source = *static_cast<Source*>(user);
    if (!source.message.empty()) return 1;
    std::array<char, 256> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    source.message = text.data();
    return 1;
}

int on_warning(TIFF*, void*, const char*, const char*, std::va_list) {
    return 1;
}

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

Tiff open(Source& source, std::uint64_t max_pixels) {
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    // A strip or tile of the largest picture in 16-bit RGBA, including its tables.
    constexpr std::uint64_t kBytesPerPixel = 8;
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<tmsize_t>::max());
    const auto most = std::min(max_pixels, kMost / kBytesPerPixel) * kBytesPerPixel;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(most));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &source);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &source);
    return {TIFFClientOpenExt("picture", "r", &source, on_read, on_write, on_seek, on_close,
                              on_size, on_map, on_unmap, options.get()),
            TIFFClose};
}

Problem failure(const Source& source) {
    return {"corrupt", "TIFF: " + (source.message.empty() ? "damaged" : source.message)};
}

/// libtiff's pixels are premultiplied with alpha.
std::vector<std::uint8_t> on_white(const std::vector<std::uint32_t>& raster) {
    std::vector<std::uint8_t> values;
    values.reserve(3 * raster.size());
    for (const auto pixel : raster) {
        const auto rest = 255U - TIFFGetA(pixel);
        for (const auto colour : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
            values.push_back(static_cast<std::uint8_t>(std::min(255U, colour + rest)));
    }
    return values;
}

/// What libtiff does not convert to RGB itself.
Decoded read_samples(TIFF* tiff, const Source& source, std::uint32_t width, std::uint32_t height) {
    constexpr std::uint64_t kBytesPerPixel = 16;  // three floats, and the pixels
    if (auto problem = check_memory(width, height, kBytesPerPixel)) return *problem;
    auto rgb = is_deep_cmyk(tiff) ? read_deep_cmyk(tiff, width, height)
                                  : read_wide_samples(tiff, width, height);
    if (!rgb || !source.message.empty()) return failure(source);
    std::uint16_t orientation = 1;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    return Pixels{static_cast<int>(width), static_cast<int>(height), 3, std::move(*rgb),
                  orientation};
}

/// Not yet rotated: `orientation` must still be applied.
Decoded read(TIFF* tiff, Source& source, std::uint32_t width, std::uint32_t height) {
    if (is_deep_cmyk(tiff) || has_wide_samples(tiff))
        return read_samples(tiff, source, width, height);
    TIFFRGBAImage image{};
    std::array<char, 1024> message{};
    if (TIFFRGBAImageOK(tiff, message.data()) == 0) {
        return Problem{"unsupported_format", std::string("TIFF: ") + message.data()};
    }
    constexpr int kStopAtDamage = 1;
    if (TIFFRGBAImageBegin(&image, tiff, kStopAtDamage, message.data()) == 0) {
        if (!source.message.empty()) return failure(source);
        return Problem{"unsupported_format", std::string("TIFF: ") + message.data()};
    }
    const std::unique_ptr<TIFFRGBAImage, decltype(&TIFFRGBAImageEnd)> end(&image, TIFFRGBAImageEnd);
    image.req_orientation = image.orientation;
    std::vector<std::uint32_t> raster(std::size_t{width} * height);
    const int done = TIFFRGBAImageGet(&image, raster.data(), width, height);
    if (done == 0 || !source.message.empty()) return failure(source);
    return Pixels{static_cast<int>(width), static_cast<int>(height), 3, on_white(raster),
                  image.orientation};
}

/// Before libtiff sees the file.
std::optional<Problem> check_directory(Bytes bytes, std::uint64_t max_pixels) {
    const auto width = tiff_tag(bytes, kTiffWidth);
    const auto height = tiff_tag(bytes, kTiffHeight);
    if (!width || !height) {
        return Problem{"corrupt", "TIFF: the first directory has no width or height"};
    }
    if (auto problem = check_size(*width, *height, max_pixels)) return problem;
    if (tiff_directory_is_whole(bytes)) return std::nullopt;
    return Problem{"truncated", "TIFF: what the first directory points to is not in the file"};
}

}  // namespace

Decoded decode_tiff(Bytes bytes, std::uint64_t max_pixels) {
    // libtiff alone reads the directories of BigTIFF, whose offsets have 64 bits.
    if (!is_big_tiff(as_text(bytes))) {
        if (auto problem = check_directory(bytes, max_pixels)) return *problem;
    }
    Source source{bytes, 0, {}};
    const auto tiff = open(source, max_pixels);
    if (tiff == nullptr) return failure(source);
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    if (auto problem = check_size(width, height, max_pixels)) return *problem;
    auto decoded = read(tiff.get(), source, width, height);
    std::uint32_t size = 0;
    const std::uint8_t* profile = nullptr;
    auto* pixels = std::get_if<Pixels>(&decoded);
    if (pixels != nullptr && TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &size, &profile) != 0)
        pixels->profile.assign(profile, profile + size);
    return decoded;
}

}  // namespace pmatch::detail
