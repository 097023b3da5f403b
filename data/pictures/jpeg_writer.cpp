#include "data/pictures/jpeg_writer.hpp"

// jpeglib.h requires FILE and size_t to be declared.
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include <csetjmp>
#include <cstdlib>

namespace pmatch {

namespace {

/// Everything that lives across a longjmp.
struct Writer {
    Writer() = default;
    ~Writer() {
        jpeg_destroy_compress(&jpeg);
        std::free(bytes);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    std::jmp_buf jump{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
};

[[noreturn]] void on_error(j_common_ptr jpeg) {
    std::longjmp(static_cast<Writer*>(jpeg->client_data)->jump, 1);
}

void on_message(j_common_ptr, int) {}

/// Contains all code that may longjmp; returns false if it did.
bool run(Writer& writer, const Image& image, int quality) {
    if (setjmp(writer.jump) != 0) return false;
    auto& jpeg = writer.jpeg;
    jpeg_create_compress(&jpeg);
    jpeg.client_data = &writer;
    jpeg_mem_dest(&jpeg, &writer.bytes, &writer.size);
    jpeg.image_width = static_cast<JDIMENSION>(image.width);
    jpeg.image_height = static_cast<JDIMENSION>(image.height);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    const std::size_t stride = 3 * static_cast<std::size_t>(image.width);
    while (jpeg.next_scanline < jpeg.image_height) {
        auto* row = const_cast<JSAMPLE*>(image.rgb.data() + stride * jpeg.next_scanline);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    return true;
}

}  // namespace

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality) {
    Writer writer;
    writer.jpeg.err = jpeg_std_error(&writer.errors);
    writer.jpeg.client_data = &writer;
    writer.errors.error_exit = on_error;
    writer.errors.emit_message = on_message;
    if (!run(writer, image, quality)) return {};
    return {writer.bytes, writer.bytes + writer.size};
}

}  // namespace pmatch
