#include "data/decoders/exif.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pmatch {

namespace {

using Bytes = std::span<const std::uint8_t>;

/// Reads numbers in either byte order; beyond the end they are absent.
class TiffView {
public:
    explicit TiffView(Bytes bytes) : bytes_(bytes) {
        if (bytes.size() < 8) return;
        if (bytes[0] == 'I' && bytes[1] == 'I') {
            valid_ = true;
        } else if (bytes[0] == 'M' && bytes[1] == 'M') {
            valid_ = big_endian_ = true;
        }
        if (number(2, 2) != 42U) valid_ = false;
    }
    bool valid() const { return valid_; }

    std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
        if (at > bytes_.size() || size > bytes_.size() - at) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value = value << 8U | bytes_[at + (big_endian_ ? i : size - 1 - i)];
        }
        return value;
    }

private:
    Bytes bytes_;
    bool valid_ = false;
    bool big_endian_ = false;
};

/// Size of the integer types BYTE, SHORT and LONG; 0 for others.
std::size_t type_size(std::uint32_t type) {
    return type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : 0;
}

int xmp_orientation(std::string_view xmp) {
    for (const std::string_view mark : {"tiff:Orientation=\"", "tiff:Orientation>"}) {
        const std::size_t at = xmp.find(mark);
        if (at == std::string_view::npos || at + mark.size() >= xmp.size()) continue;
        const char digit = xmp[at + mark.size()];
        if (digit >= '0' && digit <= '9') return digit - '0';
    }
    return 1;
}

}  // namespace

std::optional<std::uint32_t> tiff_tag(Bytes tiff, std::uint16_t tag) {
    const TiffView view(tiff);
    if (!view.valid()) return std::nullopt;
    const std::size_t directory = *view.number(4, 4);
    const auto count = view.number(directory, 2);
    if (!count) return std::nullopt;
    for (std::size_t i = 0; i < *count; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        const auto found = view.number(entry, 2);
        if (!found) return std::nullopt;
        if (*found != tag) continue;
        const std::size_t size = type_size(view.number(entry + 2, 2).value_or(0));
        if (size == 0 || view.number(entry + 4, 4) != 1U) return std::nullopt;
        return view.number(entry + 8, size);
    }
    return std::nullopt;
}

bool tiff_directory_is_whole(Bytes tiff) {
    // Bytes of a value, by type: BYTE, ASCII, SHORT, LONG, RATIONAL, the signed ones, floats.
    constexpr std::array<std::uint64_t, 14> kSizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    const TiffView view(tiff);
    if (!view.valid()) return false;
    const std::size_t directory = *view.number(4, 4);
    const auto count = view.number(directory, 2);
    if (!count || !view.number(directory + 2 + std::size_t{12} * *count, 4)) return false;
    for (std::size_t i = 0; i < *count; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        const auto type = *view.number(entry + 2, 2);
        const auto size = type < kSizes.size() ? kSizes.at(type) * *view.number(entry + 4, 4) : 0;
        if (size > 4 && *view.number(entry + 8, 4) + size > tiff.size()) return false;
    }
    return true;
}

int picture_orientation(Bytes exif, std::string_view xmp) {
    constexpr std::string_view kMark("Exif\0\0", 6);
    const std::string_view start(reinterpret_cast<const char*>(exif.data()), exif.size());
    if (start.starts_with(kMark)) exif = exif.subspan(kMark.size());
    const auto tag = tiff_tag(exif, kTiffOrientation);
    const int orientation = tag ? static_cast<int>(std::min(*tag, 9U)) : xmp_orientation(xmp);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

Image upright(Image image, int orientation) {
    if (orientation < 2 || orientation > 8) return image;
    const int width = image.width;
    const int height = image.height;
    const bool transposed = orientation >= 5;
    const bool flip_x =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool flip_y =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    Image turned{
        transposed ? height : width, transposed ? width : height, {}, std::move(image.profile)};
    turned.rgb.resize(image.rgb.size());
    std::uint8_t* out = turned.rgb.data();
    for (int y = 0; y < turned.height; ++y) {
        for (int x = 0; x < turned.width; ++x, out += 3) {
            int from_x = transposed ? y : x;
            int from_y = transposed ? x : y;
            if (flip_x) from_x = width - 1 - from_x;
            if (flip_y) from_y = height - 1 - from_y;
            const std::size_t at = 3 * (static_cast<std::size_t>(from_y) * width + from_x);
            std::copy_n(image.rgb.data() + at, 3, out);
        }
    }
    return turned;
}

}  // namespace pmatch
