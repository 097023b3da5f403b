// jpeglib.h requires FILE and size_t to be declared.
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>

#include <csetjmp>
#include <cstdlib>
#include <new>
#include <optional>
#include <vector>

#include "data/decoders/exif.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

/// A tiny progressive file can require thousands of passes over the whole picture.
constexpr int kMaxScans = 500;

/// Everything that lives across a longjmp, so that no local variable of a skipped function does.
struct Decoder {
    Decoder() = default;
    ~Decoder() {
        jpeg_destroy_decompress(&jpeg);
        std::free(profile);
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = {};
    bool out_of_data = false;  ///< the file was truncated, and libjpeg inserted an end marker
    bool entropy_cut = false;  ///< pixels were invented from there on
    bool damaged = false;      ///< libjpeg continued after damage, by guessing
    bool too_many_scans = false;
    std::optional<Problem> problem;
    JOCTET* profile = nullptr;
    Pixels pixels;
    std::vector<std::uint8_t> cmyk_row;
};

Decoder& decoder_of(j_common_ptr jpeg) {
    return *static_cast<Decoder*>(jpeg->client_data);
}

[[noreturn]] void on_error(j_common_ptr jpeg) {
    Decoder& decoder = decoder_of(jpeg);
    jpeg->err->format_message(jpeg, static_cast<char*>(decoder.message));
    std::longjmp(decoder.jump, 1);
}

void on_warning(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    Decoder& decoder = decoder_of(jpeg);
    switch (jpeg->err->msg_code) {
        case JWRN_JPEG_EOF:
            decoder.out_of_data = true;
            break;
        case JWRN_HIT_MARKER:
            decoder.entropy_cut = true;
            break;
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_MUST_RESYNC:
            decoder.damaged = true;
            break;
        default:
            return;
    }
    if (decoder.message[0] == 0) {
        jpeg->err->format_message(jpeg, static_cast<char*>(decoder.message));
    }
}

void on_progress(j_common_ptr jpeg) {
    if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMaxScans) return;
    decoder_of(jpeg).too_many_scans = true;
    std::longjmp(decoder_of(jpeg).jump, 1);
}

int orientation_of(const jpeg_decompress_struct& jpeg) {
    constexpr std::string_view kExif("Exif\0\0", 6);
    constexpr std::string_view kXmp("http://ns.adobe.com/xap/1.0/\0", 29);
    Bytes exif;
    std::string_view xmp;
    for (const jpeg_marker_struct* marker = jpeg.marker_list; marker != nullptr;
         marker = marker->next) {
        const Bytes data(marker->data, marker->data_length);
        if (exif.empty() && as_text(data).starts_with(kExif)) exif = data;
        if (xmp.empty() && as_text(data).starts_with(kXmp)) xmp = as_text(data).substr(29);
    }
    return picture_orientation(exif, xmp);
}

/// The only sign of a progressive file truncated between two passes: some coefficients lack bits.
bool lacks_passes(const jpeg_decompress_struct& jpeg) {
    if (jpeg.progressive_mode == 0 || jpeg.coef_bits == nullptr) return false;
    for (int component = 0; component < jpeg.num_components; ++component) {
        for (const int bits : jpeg.coef_bits[component]) {
            if (bits != 0) return true;
        }
    }
    return false;
}

void read_rows(Decoder& decoder) {
    jpeg_decompress_struct& jpeg = decoder.jpeg;
    const std::size_t stride = 3 * static_cast<std::size_t>(jpeg.output_width);
    while (jpeg.output_scanline < jpeg.output_height) {
        std::uint8_t* row = decoder.pixels.values.data() + stride * jpeg.output_scanline;
        JSAMPROW target = decoder.cmyk_row.empty() ? row : decoder.cmyk_row.data();
        if (jpeg_read_scanlines(&jpeg, &target, 1) == 0) return;
        if (!decoder.cmyk_row.empty()) cmyk_to_rgb(target, row, jpeg.output_width);
    }
}

/// Contains all code that may longjmp; returns false if it did.
bool run(Decoder& decoder, Bytes bytes, std::uint64_t max_pixels) {
    if (setjmp(decoder.jump) != 0) return false;
    jpeg_decompress_struct& jpeg = decoder.jpeg;
    jpeg_create_decompress(&jpeg);
    jpeg.client_data = &decoder;
    jpeg.progress = &decoder.progress;
    jpeg_mem_src(&jpeg, bytes.data(), static_cast<unsigned long>(bytes.size()));
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&jpeg, JPEG_APP0 + 2, 0xFFFF);  // the ICC profile
    jpeg_read_header(&jpeg, TRUE);
    decoder.problem = check_size(jpeg.image_width, jpeg.image_height, max_pixels);
    if (decoder.problem) return false;
    const bool cmyk = jpeg.num_components == 4;
    jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    decoder.pixels.width = static_cast<int>(jpeg.output_width);
    decoder.pixels.height = static_cast<int>(jpeg.output_height);
    decoder.pixels.values.resize(std::size_t{3} * jpeg.output_width * jpeg.output_height);
    if (cmyk) decoder.cmyk_row.resize(std::size_t{4} * jpeg.output_width);
    read_rows(decoder);
    decoder.pixels.orientation = orientation_of(jpeg);
    unsigned size = 0;
    if (jpeg_read_icc_profile(&jpeg, &decoder.profile, &size) != 0)
        decoder.pixels.profile.assign(decoder.profile, decoder.profile + size);
    return true;
}

Problem failure(const Decoder& decoder) {
    if (decoder.problem) return *decoder.problem;
    const std::string message(static_cast<const char*>(decoder.message));
    if (decoder.too_many_scans) return {"corrupt", "JPEG with more than 500 passes"};
    return {decoder.out_of_data ? "truncated" : "corrupt", "JPEG: " + message};
}

}  // namespace

Decoded decode_jpeg(Bytes bytes, std::uint64_t max_pixels) {
    bytes = bytes.subspan(find_jpeg(as_text(bytes)).value_or(0));
    Decoder decoder;
    decoder.jpeg.err = jpeg_std_error(&decoder.errors);
    decoder.jpeg.client_data = &decoder;
    decoder.errors.error_exit = on_error;
    decoder.errors.emit_message = on_warning;
    decoder.progress.progress_monitor = on_progress;
    const bool complete = run(decoder, bytes, max_pixels);
    if (decoder.errors.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    const bool cut = decoder.entropy_cut || (decoder.out_of_data && lacks_passes(decoder.jpeg));
    if (!complete || cut || decoder.damaged) return failure(decoder);
    return std::move(decoder.pixels);
}

}  // namespace pmatch::detail
