#include "data/decoders/png_repair.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kHeaderEnd = kSignature + 25;  // of IHDR with length, name and checksum

using Buffer = std::vector<std::uint8_t>;

std::uint32_t big_endian(Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = (value << 8U) | bytes[at + i];
    return value;
}

void append_big_endian(Buffer& out, std::uint32_t value) {
    for (const int shift : {24, 16, 8, 0})
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
}

std::uint32_t checksum(Bytes bytes) {
    return static_cast<std::uint32_t>(crc32(
        0, bytes.data(), static_cast<unsigned>(std::min<std::size_t>(bytes.size(), UINT32_MAX))));
}

void append_chunk(Buffer& out, std::string_view name, Bytes data) {
    append_big_endian(out, static_cast<std::uint32_t>(data.size()));
    const auto begin = out.size();
    out.insert(out.end(), name.begin(), name.end());
    out.insert(out.end(), data.begin(), data.end());
    append_big_endian(out, checksum(Bytes(out).subspan(begin)));
}

/// The chunks before the pixels, and the compressed pixels.
struct Pieces {
    Bytes head;
    Buffer stream;
    bool contradicted = false;  ///< a complete chunk of the stream has a wrong checksum
    bool whole = true;          ///< all its chunks are complete
};

Pieces take_apart(Bytes png) {
    Pieces pieces;
    for (std::size_t at = kSignature; png.size() - at >= 8;) {
        const std::size_t size = big_endian(png, at);
        const std::size_t left = png.size() - at - 8;
        const auto there = std::min(size, left);
        const bool is_data = as_text(png.subspan(at + 4, 4)) == "IDAT";
        if (is_data) {
            if (pieces.stream.empty()) pieces.head = png.first(at);
            const auto data = png.subspan(at + 8, there);
            pieces.stream.insert(pieces.stream.end(), data.begin(), data.end());
            const bool has_checksum = left >= size && left - size >= 4;
            pieces.contradicted =
                pieces.contradicted || (has_checksum && checksum(png.subspan(at + 4, size + 4)) !=
                                                            big_endian(png, at + 8 + size));
        } else if (!pieces.stream.empty()) {
            break;
        }
        if (left < size || left - size < 4) {
            pieces.whole = false;
            break;
        }
        at += size + 12;
    }
    return pieces;
}

/// Bytes of all rows including filter bytes; empty if the header is invalid.
std::optional<std::uint64_t> raw_size(Bytes png, std::uint64_t max_pixels) {
    const std::uint64_t width = big_endian(png, 16);
    const std::uint64_t height = big_endian(png, 20);
    constexpr std::array<unsigned, 7> kChannels{1, 0, 3, 1, 2, 0, 4};  // by colour type
    const unsigned depth = png[24];
    const unsigned type = png[25];
    if (check_size(width, height, max_pixels) || depth > 16 || type > 6) return std::nullopt;
    const auto pass = [&](std::uint64_t columns, std::uint64_t rows) {
        const std::uint64_t row = (columns * depth * kChannels.at(type) + 7) / 8 + 1;
        return columns == 0 ? 0 : rows * row;
    };
    if (png[28] == 0) return pass(width, height);
    struct Pass {
        std::uint64_t x, y, dx, dy;
    };
    constexpr std::array<Pass, 7> kAdam7{{{0, 0, 8, 8},
                                          {4, 0, 8, 8},
                                          {0, 4, 4, 8},
                                          {2, 0, 4, 4},
                                          {0, 2, 2, 4},
                                          {1, 0, 2, 2},
                                          {0, 1, 1, 2}}};
    std::uint64_t size = 0;
    for (const auto& [x, y, dx, dy] : kAdam7)
        size += pass((width + dx - 1 - x) / dx, (height + dy - 1 - y) / dy);
    return size;
}

/// What the stream's own checksum says of its content.
enum class Checksum { kAbsent, kRight, kWrong };

/// The first `size` bytes of the stream's content, if present.
Buffer inflate_all(Bytes stream, PngStream kind, std::uint64_t size, Checksum& said) {
    Buffer content(size + 1);  // one more, to reach the end of a stream of exactly `size`
    z_stream zlib{};
    const int window = kind == PngStream::kRaw ? -MAX_WBITS : MAX_WBITS;
    if (inflateInit2(&zlib, window) != Z_OK) return {};
    zlib.next_in = const_cast<std::uint8_t*>(stream.data());
    zlib.avail_in = static_cast<unsigned>(stream.size());
    zlib.next_out = content.data();
    zlib.avail_out = static_cast<unsigned>(content.size());
    const int result = inflate(&zlib, Z_SYNC_FLUSH);
    const auto got = content.size() - zlib.avail_out;
    const std::string_view message(zlib.msg != nullptr ? zlib.msg : "");
    inflateEnd(&zlib);
    said = Checksum::kAbsent;
    if (result == Z_STREAM_END && kind == PngStream::kZlib) said = Checksum::kRight;
    // zlib names damage before the end otherwise.
    if (result == Z_DATA_ERROR && message == "incorrect data check") said = Checksum::kWrong;
    if ((result == Z_DATA_ERROR && said != Checksum::kWrong) || got < size) return {};
    content.resize(size);
    return content;
}

}  // namespace

Buffer repair_png(Bytes png, std::uint64_t max_pixels, PngStream stream) {
    if (png.size() < kHeaderEnd || png.size() > UINT32_MAX) return {};
    const auto size = raw_size(png, max_pixels);
    const auto pieces = take_apart(png);
    // Deflate expands at most 1,032-fold: do not allocate for a picture that cannot be there.
    constexpr std::uint64_t kDeflateRatio = 1032;
    if (!size || *size >= UINT32_MAX || *size > pieces.stream.size() * kDeflateRatio) return {};
    auto said = Checksum::kAbsent;
    const auto content = inflate_all(pieces.stream, stream, *size, said);
    const bool refuted = (pieces.contradicted && said != Checksum::kRight) ||
                         (said == Checksum::kWrong && !pieces.whole);
    if (content.empty() || refuted) return {};
    auto bound = compressBound(content.size());
    Buffer packed(bound);
    if (compress2(packed.data(), &bound, content.data(), content.size(), 1) != Z_OK) return {};
    Buffer sound(pieces.head.begin(), pieces.head.end());
    append_chunk(sound, "IDAT", Bytes(packed).first(bound));
    append_chunk(sound, "IEND", {});
    return sound;
}

}  // namespace pmatch::detail
