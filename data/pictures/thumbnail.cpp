#include "data/pictures/thumbnail.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "data/pictures/image_reader.hpp"
#include "data/pictures/jpeg_writer.hpp"

namespace pmatch {
namespace {

constexpr int kQuality = 80;

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = 0;
        for (std::size_t j = 0; j < 3; ++j)
            word = (word << 8U) | (j < have ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= have ? kDigits[(word >> (18U - 6U * j)) & 63U] : '=';
    }
    return text;
}

/// The range [first, last) of `old` pixels averaged for pixel `at` of `count`.
std::pair<std::size_t, std::size_t> covered(int at, int count, int old) {
    const auto place = [&](int i) {
        return static_cast<std::size_t>(std::int64_t{i} * old / count);
    };
    return {place(at), std::max(place(at + 1), place(at) + 1)};
}

/// Box filter: means over the source pixels of each target pixel.
Image shrink(const Image& image, int side) {
    const int longest = std::max(image.width, image.height);
    if (longest <= side) return image;
    const auto scaled = [&](int size) {
        return std::max(1, static_cast<int>(std::int64_t{size} * side / longest));
    };
    Image small{scaled(image.width), scaled(image.height), {}};
    for (int y = 0; y < small.height; ++y) {
        const auto [top, bottom] = covered(y, small.height, image.height);
        for (int x = 0; x < small.width; ++x) {
            const auto [left, right] = covered(x, small.width, image.width);
            std::array<std::uint64_t, 3> sum{};
            for (std::size_t row = top; row < bottom; ++row) {
                const auto* pixel =
                    image.rgb.data() + 3 * (row * static_cast<std::size_t>(image.width) + left);
                for (std::size_t column = left; column < right; ++column)
                    for (auto& channel : sum)
                        channel += *pixel++;
            }
            const auto count = (bottom - top) * (right - left);
            for (const auto channel : sum)
                small.rgb.push_back(static_cast<std::uint8_t>((channel + count / 2) / count));
        }
    }
    return small;
}

}  // namespace

Thumbnail thumbnail(const std::filesystem::path& picture, int side) {
    const auto read = FilePictureReader().read(picture, std::nullopt);
    const auto* image = std::get_if<Image>(&read);
    if (image == nullptr) return {};
    const auto small = shrink(*image, side);
    const auto jpeg = encode_jpeg(small, kQuality);
    // A page with a missing thumbnail is still useful.
    if (jpeg.empty()) return {};
    return {"data:image/jpeg;base64," + base64(jpeg), small.width, small.height, image->width,
            image->height};
}

std::string thumbnail_uri(const std::filesystem::path& picture, int side) {
    return thumbnail(picture, side).uri;
}

std::vector<std::uint8_t> thumbnail_jpeg(const std::filesystem::path& picture, int side) {
    const auto read = FilePictureReader().read(picture, std::nullopt);
    const auto* image = std::get_if<Image>(&read);
    if (image == nullptr) return {};
    return encode_jpeg(shrink(*image, side), kQuality);
}

}  // namespace pmatch
