#include "data/pictures/png_writer.hpp"

#include <png.h>

#include <csetjmp>
#include <cstddef>

namespace pmatch {
namespace {

/// Everything that lives across a longjmp.
struct Writer {
    Writer() = default;
    ~Writer() { png_destroy_write_struct(&png, &info); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    png_structp png = nullptr;
    png_infop info = nullptr;
    std::vector<std::uint8_t> bytes;
};

void on_error(png_structp png, png_const_charp) {
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_bytes(png_structp png, png_bytep data, std::size_t size) {
    auto& bytes = static_cast<Writer*>(png_get_io_ptr(png))->bytes;
    bytes.insert(bytes.end(), data, data + size);
}

void on_flush(png_structp) {}

/// Contains all code that may longjmp; returns false if it did.
bool run(Writer& writer, const Image& image) {
    if (setjmp(png_jmpbuf(writer.png)) != 0) return false;
    png_set_write_fn(writer.png, &writer, on_bytes, on_flush);
    png_set_compression_level(writer.png, 1);
    png_set_filter(writer.png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(image.width),
                 static_cast<png_uint_32>(image.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!image.profile.empty())
        png_set_iCCP(writer.png, writer.info, "profile", PNG_COMPRESSION_TYPE_BASE,
                     image.profile.data(), static_cast<png_uint_32>(image.profile.size()));
    png_write_info(writer.png, writer.info);
    const std::size_t stride = 3 * static_cast<std::size_t>(image.width);
    for (int y = 0; y < image.height; ++y)
        png_write_row(writer.png, image.rgb.data() + stride * static_cast<std::size_t>(y));
    png_write_end(writer.png, nullptr);
    return true;
}

}  // namespace

std::vector<std::uint8_t> encode_png(const Image& image) {
    Writer writer;
    writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning);
    if (writer.png == nullptr) return {};
    writer.info = png_create_info_struct(writer.png);
    if (writer.info == nullptr || !run(writer, image)) return {};
    return std::move(writer.bytes);
}

}  // namespace pmatch
