#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "data/decoders/exif.hpp"
#include "data/decoders/picture_decoders.hpp"
#include "data/decoders/png_apple.hpp"
#include "data/decoders/png_repair.hpp"

namespace pmatch::detail {

namespace {

/// Everything that lives across a longjmp, so that no local variable of a skipped function does.
struct Decoder {
    Decoder() = default;
    ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    png_structp png = nullptr;
    png_infop info = nullptr;
    Bytes rest;
    bool out_of_data = false;
    bool rows_done = false;
    std::string message;
    std::optional<Problem> problem;
    Pixels pixels;
    std::vector<png_bytep> rows;
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
    static_cast<Decoder*>(png_get_error_ptr(png))->message = message;
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep target, std::size_t size) {
    auto& decoder = *static_cast<Decoder*>(png_get_io_ptr(png));
    if (size > decoder.rest.size()) {
        decoder.out_of_data = true;
        png_error(png, "the file ends early");
    }
    std::memcpy(target, decoder.rest.data(), size);
    decoder.rest = decoder.rest.subspan(size);
}

/// ImageMagick's format for EXIF data: a line break, "exif", its size, then hexadecimal digits.
std::vector<std::uint8_t> raw_profile(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (int line = 0; line < 3; ++line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return bytes;
        text.remove_prefix(end + 1);
    }
    int high = -1;
    for (const char digit : text) {
        const int value = digit >= '0' && digit <= '9'   ? digit - '0'
                          : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                                         : -1;
        if (value < 0) continue;
        if (high >= 0) bytes.push_back(static_cast<std::uint8_t>(high * 16 + value));
        high = high >= 0 ? -1 : value;
    }
    return bytes;
}

int orientation_of(png_structp png, png_infop info) {
    Bytes exif;
    std::vector<std::uint8_t> profile;
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(png, info, &size, &data) != 0) exif = Bytes(data, size);
    std::string_view xmp;
    png_textp texts = nullptr;
    int count = 0;
    png_get_text(png, info, &texts, &count);
    for (int i = 0; i < count; ++i) {
        const std::string_view key(texts[i].key);
        const std::string_view text(texts[i].text,
                                    std::max(texts[i].text_length, texts[i].itxt_length));
        if (key == "XML:com.adobe.xmp") xmp = text;
        if (key == "Raw profile type exif") profile = raw_profile(text);
    }
    if (exif.empty()) exif = profile;
    return picture_orientation(exif, xmp);
}

Bytes profile_of(png_structp png, png_infop info) {
    png_charp name = nullptr;
    int compression = 0;
    png_bytep profile = nullptr;
    png_uint_32 size = 0;
    if (png_get_iCCP(png, info, &name, &compression, &profile, &size) == 0) return {};
    return {profile, size};
}

/// Converts every colour type to 8-bit RGB or RGBA.
void set_transforms(Decoder& decoder) {
    png_set_expand(decoder.png);  // palettes and few bits to 8 bits, tRNS to alpha
    png_set_strip_16(decoder.png);
    png_set_gray_to_rgb(decoder.png);
    png_set_interlace_handling(decoder.png);
    png_read_update_info(decoder.png, decoder.info);
}

/// Contains all code that may longjmp; returns false if it did.
bool run(Decoder& decoder, std::uint64_t max_pixels) {
    if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
    png_set_user_limits(decoder.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // we have our own
    png_set_read_fn(decoder.png, &decoder, on_read);
    png_read_info(decoder.png, decoder.info);
    Pixels& pixels = decoder.pixels;
    const png_uint_32 width = png_get_image_width(decoder.png, decoder.info);
    const png_uint_32 height = png_get_image_height(decoder.png, decoder.info);
    decoder.problem = check_size(width, height, max_pixels);
    if (decoder.problem) return false;
    set_transforms(decoder);
    pixels.width = static_cast<int>(width);
    pixels.height = static_cast<int>(height);
    pixels.channels = png_get_channels(decoder.png, decoder.info);
    const std::size_t stride = png_get_rowbytes(decoder.png, decoder.info);
    if (stride != static_cast<std::size_t>(width) * static_cast<std::size_t>(pixels.channels)) {
        decoder.message = "the rows have an unexpected size";
        return false;
    }
    pixels.values.resize(stride * height);
    decoder.rows.resize(height);
    for (std::size_t y = 0; y < height; ++y)
        decoder.rows[y] = pixels.values.data() + y * stride;
    png_read_image(decoder.png, decoder.rows.data());
    decoder.rows_done = true;
    png_read_end(decoder.png, decoder.info);
    return true;
}

/// Drops a last chunk that claims more than the file has: libpng allocates and clears the claimed
/// size before reading. Pixels are read piece by piece, so their chunk may stay.
Bytes whole_chunks(Bytes png) {
    constexpr std::size_t kSignature = 8;
    constexpr std::size_t kAround = 12;  // length, name and checksum
    for (std::size_t at = kSignature; at <= png.size() && png.size() - at >= kAround;) {
        const std::size_t size = png_get_uint_32(png.data() + at);
        const bool is_data = as_text(png.subspan(at + 4, 4)) == "IDAT";
        if (size > png.size() - at - kAround) return is_data ? png : png.first(at);
        at += size + kAround;
    }
    return png;
}

Decoded decode_strictly(Bytes bytes, std::uint64_t max_pixels) {
    Decoder decoder;
    decoder.rest = whole_chunks(bytes);
    decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, on_error, on_warning);
    if (decoder.png != nullptr) decoder.info = png_create_info_struct(decoder.png);
    if (decoder.info == nullptr) throw std::bad_alloc();
    const bool complete = run(decoder, max_pixels);
    // If only chunks after the pixels are cut off, nothing is lost: zlib's checksum has confirmed
    // the pixels by then.
    const bool usable = complete || (decoder.rows_done && decoder.out_of_data);
    if (usable) {
        decoder.pixels.orientation = orientation_of(decoder.png, decoder.info);
        const auto profile = profile_of(decoder.png, decoder.info);
        decoder.pixels.profile.assign(profile.begin(), profile.end());
        return std::move(decoder.pixels);
    }
    if (decoder.problem) return *decoder.problem;
    return Problem{decoder.out_of_data ? "truncated" : "corrupt", "PNG: " + decoder.message};
}

Decoded decode_apple(Bytes bytes, std::uint64_t max_pixels) {
    const auto framed = framed_png(bytes, max_pixels);
    if (framed.empty()) return decode_strictly(bytes, max_pixels);  // which says what is wrong
    auto decoded = decode_strictly(framed, max_pixels);
    if (auto* pixels = std::get_if<Pixels>(&decoded)) to_rgb_on_white(*pixels);
    return decoded;
}

}  // namespace

Decoded decode_png(Bytes bytes, std::uint64_t max_pixels) {
    if (is_apple_png(bytes)) return decode_apple(bytes, max_pixels);
    auto decoded = decode_strictly(bytes, max_pixels);
    const auto* problem = std::get_if<Problem>(&decoded);
    if (problem == nullptr || problem->code == "too_many_pixels") return decoded;
    const auto repaired = repair_png(bytes, max_pixels);
    return repaired.empty() ? std::move(decoded) : decode_strictly(repaired, max_pixels);
}

}  // namespace pmatch::detail
