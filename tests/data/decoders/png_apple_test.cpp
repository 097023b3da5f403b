#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/pictures/image_reader.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The checksum of the PNG specification, annex D.
std::uint32_t crc(const std::uint8_t* data, std::size_t size) {
    std::uint32_t value = 0xFFFFFFFFU;
    for (std::size_t i = 0; i < size; ++i) {
        value ^= data[i];
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    }
    return ~value;
}

void append(Bytes& bytes, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append_chunk(Bytes& bytes, std::string_view name, const Bytes& data) {
    append(bytes, static_cast<std::uint32_t>(data.size()));
    const auto begin = bytes.size();
    bytes.insert(bytes.end(), name.begin(), name.end());
    bytes.insert(bytes.end(), data.begin(), data.end());
    append(bytes, crc(bytes.data() + begin, bytes.size() - begin));
}

/// 2 x 1 pixels in a stored block of raw deflate.
Bytes apple_png(const Bytes& pixels, std::uint8_t colour_type, std::uint32_t width = 2) {
    Bytes bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    append_chunk(bytes, "CgBI", {0x50, 0, 0x20, 2});
    Bytes header;
    append(header, width);
    append(header, 1);
    header.insert(header.end(), {8, colour_type, 0, 0, 0});
    append_chunk(bytes, "IHDR", header);
    const auto size = static_cast<std::uint8_t>(pixels.size() + 1);
    Bytes data{1, size, 0, static_cast<std::uint8_t>(~size), 0xFF, 0};
    data.insert(data.end(), pixels.begin(), pixels.end());
    append_chunk(bytes, "IDAT", data);
    append_chunk(bytes, "IEND", {});
    return bytes;
}

}  // namespace

TEST_CASE("Apple's PNG has its channels put right, on white where it is transparent") {
    constexpr std::uint8_t kColoursAndAlpha = 6;
    const auto result = pmatch::decode_picture(
        apple_png({10, 20, 200, 255, 0, 0, 100, 100}, kColoursAndAlpha), 100);
    REQUIRE(std::holds_alternative<pmatch::Image>(result));
    // The second pixel: red multiplied with 100/255, 155/255 of white.
    CHECK(std::get<pmatch::Image>(result).rgb == Bytes{200, 20, 10, 255, 155, 155});
}

TEST_CASE("Apple's PNG without alpha has its channels put right") {
    constexpr std::uint8_t kColours = 2;
    const auto result = pmatch::decode_picture(apple_png({1, 2, 3, 4, 5, 6}, kColours), 100);
    REQUIRE(std::holds_alternative<pmatch::Image>(result));
    CHECK(std::get<pmatch::Image>(result).rgb == Bytes{3, 2, 1, 6, 5, 4});
}

TEST_CASE("Apple's PNG that is cut, or too large, is no picture") {
    auto cut = apple_png({1, 2, 3, 4, 5, 6}, 2);
    cut.resize(cut.size() - 20);
    CHECK(std::holds_alternative<pmatch::Problem>(pmatch::decode_picture(cut, 100)));
    const auto large = apple_png({1, 2, 3, 4, 5, 6}, 2, 1'000'000);
    CHECK(std::holds_alternative<pmatch::Problem>(pmatch::decode_picture(large, 100)));
}
