#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "data/decoders/jpeg2000_samples.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {
namespace {

/// The file in memory, for OpenJPEG's callbacks.
struct Source {
    Bytes bytes;
    std::size_t at = 0;
    bool out_of_data = false;
    std::string message;  ///< the first error
};

constexpr auto kEnd = static_cast<OPJ_SIZE_T>(-1);

OPJ_SIZE_T on_read(void* target, OPJ_SIZE_T size, void* user) {
    auto& source = *static_cast<Source*>(user);
    const auto count = std::min<std::size_t>(size, source.bytes.size() - source.at);
    if (count < size) source.out_of_data = true;
    if (count == 0) return kEnd;
    std::memcpy(target, source.bytes.data() + source.at, count);
    source.at += count;
    return count;
}

OPJ_OFF_T on_skip(OPJ_OFF_T size, void* user) {
    auto& source = *static_cast<Source*>(user);
    if (size < 0) return -1;
    const auto count = std::min(static_cast<std::size_t>(size), source.bytes.size() - source.at);
    source.at += count;
    return static_cast<OPJ_OFF_T>(count);
}

OPJ_BOOL on_seek(OPJ_OFF_T offset, void* user) {
    auto& source = *static_cast<Source*>(user);
    if (offset < 0 || static_cast<std::size_t>(offset) > source.bytes.size()) return OPJ_FALSE;
    source.at = static_cast<std::size_t>(offset);
    return OPJ_TRUE;
}

void on_error(const char* message, void* user) {
    auto& source = *static_cast<Source*>(user);
    if (source.message.empty()) source.message = first_line(message);
}

void on_message(const char*, void*) {}

// OpenJPEG's codecs and streams are both pointers to void.
struct DestroyCodec {
    void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct DestroyStream {
    void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct DestroyImage {
    void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Codec = std::unique_ptr<opj_codec_t, DestroyCodec>;
using Stream = std::unique_ptr<opj_stream_t, DestroyStream>;
using Picture = std::unique_ptr<opj_image_t, DestroyImage>;

Stream open_stream(Source& source) {
    Stream stream(opj_stream_default_create(OPJ_TRUE));
    if (!stream) return stream;
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.bytes.size());
    opj_stream_set_read_function(stream.get(), on_read);
    opj_stream_set_skip_function(stream.get(), on_skip);
    opj_stream_set_seek_function(stream.get(), on_seek);
    return stream;
}

Codec open_codec(Source& source) {
    const bool bare = as_text(source.bytes).starts_with("\xFF\x4F\xFF\x51");
    Codec codec(opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
    if (!codec) return codec;
    opj_set_error_handler(codec.get(), on_error, &source);
    opj_set_warning_handler(codec.get(), on_message, nullptr);
    opj_set_info_handler(codec.get(), on_message, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE) codec.reset();
    return codec;
}

Problem failure(const Source& source) {
    return {source.out_of_data ? "truncated" : "corrupt",
            "JPEG 2000: " + (source.message.empty() ? "damaged" : source.message)};
}

/// OpenJPEG has 32 bits per sample; the pixels are ours.
std::optional<Problem> check_header(const opj_image_t& image, std::uint64_t max_pixels) {
    const std::uint64_t width = image.x1 > image.x0 ? image.x1 - image.x0 : 0;
    const std::uint64_t height = image.y1 > image.y0 ? image.y1 - image.y0 : 0;
    if (auto problem = check_size(width, height, max_pixels)) return problem;
    return check_memory(width, height, std::uint64_t{4} * image.numcomps + 4);
}

}  // namespace

Decoded decode_jpeg2000(Bytes bytes, std::uint64_t max_pixels) {
    Source source{bytes, 0, false, {}};
    const auto stream = open_stream(source);
    const auto codec = open_codec(source);
    if (!stream || !codec) throw std::bad_alloc();
    opj_image_t* raw = nullptr;
    const bool header = opj_read_header(stream.get(), codec.get(), &raw) != OPJ_FALSE;
    const Picture image(raw);
    if (!header || !image) return failure(source);
    if (auto problem = check_header(*image, max_pixels)) return *problem;
    if (opj_decode(codec.get(), stream.get(), image.get()) == OPJ_FALSE ||
        opj_end_decompress(codec.get(), stream.get()) == OPJ_FALSE) {
        return failure(source);
    }
    auto decoded = jpeg2000_pixels(*image);
    if (auto* pixels = std::get_if<Pixels>(&decoded);
        pixels != nullptr && image->icc_profile_len > 0)
        pixels->profile.assign(image->icc_profile_buf,
                               image->icc_profile_buf + image->icc_profile_len);
    return decoded;
}

}  // namespace pmatch::detail
