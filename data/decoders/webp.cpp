#include <fmt/format.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <optional>

#include "data/decoders/exif.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

struct DeleteDemuxer {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
struct DeleteAnimation {
    void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

/// Content of a metadata chunk ("EXIF", "XMP "), empty if missing.
Bytes metadata(const WebPDemuxer* demuxer, const char* name) {
    WebPChunkIterator chunk;
    if (WebPDemuxGetChunk(demuxer, name, 1, &chunk) == 0) return {};
    const Bytes found(chunk.chunk.bytes, chunk.chunk.size);
    WebPDemuxReleaseChunkIterator(&chunk);
    return found;
}

void read_metadata(const WebPData& data, Pixels& pixels) {
    const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemux(&data));
    if (!demuxer) return;
    pixels.orientation = picture_orientation(metadata(demuxer.get(), "EXIF"),
                                             as_text(metadata(demuxer.get(), "XMP ")));
    const auto profile = metadata(demuxer.get(), "ICCP");
    pixels.profile.assign(profile.begin(), profile.end());
}

std::optional<Problem> decode_still(Bytes bytes, Pixels& pixels) {
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) return Problem{"unreadable", "WebP: wrong library"};
    config.output.colorspace = pixels.channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels.values.data();
    config.output.u.RGBA.stride = pixels.width * pixels.channels;
    config.output.u.RGBA.size = pixels.values.size();
    const VP8StatusCode status = WebPDecode(bytes.data(), bytes.size(), &config);
    if (status == VP8_STATUS_OK) return std::nullopt;
    const bool cut = status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED;
    return Problem{
        cut ? "truncated" : "corrupt",
        fmt::format("WebP: the decoder stopped with status {}", static_cast<int>(status))};
}

std::optional<Problem> decode_first_frame(const WebPData& data, Pixels& pixels) {
    const std::unique_ptr<WebPAnimDecoder, DeleteAnimation> decoder(
        WebPAnimDecoderNew(&data, nullptr));
    std::uint8_t* frame = nullptr;
    int time = 0;
    if (!decoder || WebPAnimDecoderGetNext(decoder.get(), &frame, &time) == 0) {
        return Problem{"corrupt", "WebP: the first frame of the animation cannot be decoded"};
    }
    pixels.values.assign(frame, frame + pixels.values.size());
    return std::nullopt;
}

/// The container's size exceeds the file's.
bool is_cut(Bytes bytes) {
    const std::uint64_t claimed = bytes[4] | std::uint64_t{bytes[5]} << 8U |
                                  std::uint64_t{bytes[6]} << 16U | std::uint64_t{bytes[7]} << 24U;
    return claimed + 8 > bytes.size();
}

}  // namespace

Decoded decode_webp(Bytes bytes, std::uint64_t max_pixels) {
    WebPBitstreamFeatures features;
    const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
    if (is_cut(bytes)) return Problem{"truncated", "WebP: the file is shorter than it says"};
    if (status != VP8_STATUS_OK) {
        return Problem{"corrupt", fmt::format("WebP: header status {}", static_cast<int>(status))};
    }
    const auto width = static_cast<std::uint64_t>(features.width);
    const auto height = static_cast<std::uint64_t>(features.height);
    if (auto problem = check_size(width, height, max_pixels)) return *problem;
    const bool animated = features.has_animation != 0;
    Pixels pixels{
        features.width, features.height, animated || features.has_alpha != 0 ? 4 : 3, {}, 1};
    pixels.values.resize(width * height * static_cast<std::uint64_t>(pixels.channels));
    const WebPData data{bytes.data(), bytes.size()};
    const auto problem = animated ? decode_first_frame(data, pixels) : decode_still(bytes, pixels);
    if (problem) return *problem;
    read_metadata(data, pixels);
    return pixels;
}

}  // namespace pmatch::detail
