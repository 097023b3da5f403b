#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {
namespace {

using Colour = std::array<std::uint8_t, 3>;
using Colours = std::array<Colour, 256>;

/// The file in memory, for giflib's callback.
struct Source {
    Bytes rest;
    bool out_of_data = false;
};

int on_read(GifFileType* gif, GifByteType* target, int size) {
    auto& source = *static_cast<Source*>(gif->UserData);
    const auto count = std::min(static_cast<std::size_t>(std::max(size, 0)), source.rest.size());
    if (count < static_cast<std::size_t>(size)) source.out_of_data = true;
    std::memcpy(target, source.rest.data(), count);
    source.rest = source.rest.subspan(count);
    return static_cast<int>(count);
}

struct Close {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, Close>;

Problem failure(const Source& source, int error) {
    if (error == D_GIF_ERR_NOT_ENOUGH_MEM) throw std::bad_alloc();
    if (source.out_of_data) return {"truncated", "GIF: the file ends early"};
    const char* words = GifErrorString(error);
    return {"corrupt", std::string("GIF: ") + (words != nullptr ? words : "damaged")};
}

/// The colour of an extension's transparent index, if it is a graphic control extension.
std::optional<int> transparent_index(int code, const GifByteType* block) {
    constexpr int kSize = 4;
    if (code != GRAPHICS_EXT_FUNC_CODE || block == nullptr || block[0] < kSize) return std::nullopt;
    if ((block[1] & 1U) == 0) return std::nullopt;
    return block[4];
}

/// Reads up to the first frame's description; false on an error, or if there is no frame.
bool find_frame(GifFileType* gif, std::optional<int>& transparent) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(gif, &record) == GIF_OK && record != TERMINATE_RECORD_TYPE) {
        if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK;
        int code = 0;
        GifByteType* block = nullptr;
        if (DGifGetExtension(gif, &code, &block) != GIF_OK) return false;
        if (const auto index = transparent_index(code, block)) transparent = index;
        while (block != nullptr) {
            if (DGifGetExtensionNext(gif, &block) != GIF_OK) return false;
        }
    }
    return false;
}

/// Colours that the file does not define are a grey ramp, as in Pillow; the transparent one is
/// white, on which pictures are composited.
Colours colours_of(const GifFileType* gif, std::optional<int> transparent) {
    Colours colours{};
    for (std::size_t i = 0; i < colours.size(); ++i)
        colours.at(i).fill(static_cast<std::uint8_t>(i));
    const auto* map = gif->Image.ColorMap != nullptr ? gif->Image.ColorMap : gif->SColorMap;
    const auto count = map == nullptr ? 0 : std::clamp(map->ColorCount, 0, 256);
    for (int i = 0; i < count; ++i) {
        const auto& from = map->Colors[i];
        colours.at(static_cast<std::size_t>(i)) = {from.Red, from.Green, from.Blue};
    }
    if (transparent) colours.at(static_cast<std::size_t>(*transparent)).fill(255);
    return colours;
}

/// The rows of a frame in the order in which the file has them.
std::vector<int> row_order(const GifImageDesc& frame) {
    std::vector<int> rows;
    rows.reserve(static_cast<std::size_t>(frame.Height));
    struct Pass {
        int first, step;
    };
    constexpr std::array<Pass, 4> kInterlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<Pass, 1> kPlain{{{0, 1}}};
    const auto add = [&](const Pass& pass) {
        for (int row = pass.first; row < frame.Height; row += pass.step)
            rows.push_back(row);
    };
    if (frame.Interlace) {
        std::for_each(kInterlaced.begin(), kInterlaced.end(), add);
    } else {
        std::for_each(kPlain.begin(), kPlain.end(), add);
    }
    return rows;
}

/// The frame on the screen, whose rest has the transparent colour or, without one, the first.
bool draw(GifFileType* gif, Pixels& pixels, const Colours& colours, std::size_t background) {
    const auto& frame = gif->Image;
    const auto pixel_count = pixels.values.size() / 3;
    for (std::size_t i = 0; i < pixel_count; ++i)
        std::copy_n(colours.at(background).data(), 3, pixels.values.data() + 3 * i);
    std::vector<GifPixelType> row(static_cast<std::size_t>(frame.Width));
    for (const int y : row_order(frame)) {
        if (DGifGetLine(gif, row.data(), frame.Width) != GIF_OK) return false;
        const auto first =
            static_cast<std::size_t>(frame.Top + y) * static_cast<std::size_t>(pixels.width) +
            static_cast<std::size_t>(frame.Left);
        auto* out = pixels.values.data() + 3 * first;
        for (const auto index : row) {
            std::copy_n(colours.at(index).data(), 3, out);
            out += 3;
        }
    }
    return true;
}

/// `blocks_at`: where the frame's data begins, if it was found.
Decoded decode_frame(Bytes bytes, std::uint64_t max_pixels, std::optional<std::size_t>& blocks_at) {
    Source source{bytes};
    int error = 0;
    const Gif gif(DGifOpen(&source, on_read, &error));
    if (!gif) return failure(source, error);
    std::optional<int> transparent;
    if (!find_frame(gif.get(), transparent)) {
        if (gif->Error == 0 && !source.out_of_data)
            return Problem{"corrupt", "GIF: there is no frame in it"};
        return failure(source, gif->Error);
    }
    blocks_at = bytes.size() - source.rest.size();
    const auto& frame = gif->Image;
    if (frame.Width == 0 || frame.Height == 0)
        return Problem{"corrupt", "GIF: the first frame has no pixels"};
    // A frame may reach beyond the screen: it grows, as in Pillow.
    Pixels pixels;
    pixels.width = std::max(gif->SWidth, frame.Left + frame.Width);
    pixels.height = std::max(gif->SHeight, frame.Top + frame.Height);
    if (auto problem = check_size(static_cast<std::uint64_t>(pixels.width),
                                  static_cast<std::uint64_t>(pixels.height), max_pixels)) {
        return *problem;
    }
    pixels.values.resize(std::size_t{3} * static_cast<std::size_t>(pixels.width) *
                         static_cast<std::size_t>(pixels.height));
    const auto background = static_cast<std::size_t>(transparent.value_or(0));
    if (!draw(gif.get(), pixels, colours_of(gif.get(), transparent), background))
        return failure(source, gif->Error);
    return pixels;
}

/// The file up to the last whole block of the frame's data, and an end. giflib also wants what
/// follows the pixels: this way a file that is cut there can be told from one that lacks pixels.
std::vector<std::uint8_t> closed_behind_blocks(Bytes bytes, std::size_t blocks_at) {
    constexpr std::uint8_t kTrailer = 0x3B;
    std::size_t end = blocks_at;
    while (end < bytes.size() && bytes[end] > 0 && bytes.size() - end > bytes[end])
        end += std::size_t{1} + bytes[end];
    std::vector<std::uint8_t> closed(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(end));
    closed.insert(closed.end(), {0, kTrailer});
    return closed;
}

}  // namespace

Decoded decode_gif(Bytes bytes, std::uint64_t max_pixels) {
    std::optional<std::size_t> blocks_at;
    auto decoded = decode_frame(bytes, max_pixels, blocks_at);
    const auto* problem = std::get_if<Problem>(&decoded);
    if (problem == nullptr || problem->code != "truncated" || !blocks_at) return decoded;
    auto rescued = decode_frame(closed_behind_blocks(bytes, *blocks_at), max_pixels, blocks_at);
    return std::holds_alternative<Pixels>(rescued) ? std::move(rescued) : std::move(decoded);
}

}  // namespace pmatch::detail
