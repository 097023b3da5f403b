#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "data/pictures/image_reader.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
}

/// With a header of 40 bytes; `palette` holds the masks or colours.
Bytes bmp(std::uint32_t width, std::uint32_t height, std::uint32_t bits, std::uint32_t compression,
          const std::vector<std::uint32_t>& palette, const Bytes& pixels) {
    Bytes bytes{'B', 'M'};
    const auto at = 54 + 4 * static_cast<std::uint32_t>(palette.size());
    append(bytes, at + static_cast<std::uint32_t>(pixels.size()), 4);
    append(bytes, 0, 4);
    append(bytes, at, 4);
    append(bytes, 40, 4);
    append(bytes, width, 4);
    append(bytes, height, 4);
    append(bytes, 1, 2);
    append(bytes, bits, 2);
    append(bytes, compression, 4);
    for (int i = 0; i < 3; ++i)
        append(bytes, 0, 4);
    append(bytes, compression == 3 ? 0 : static_cast<std::uint32_t>(palette.size()), 4);
    append(bytes, 0, 4);
    for (const auto entry : palette)
        append(bytes, entry, 4);
    bytes.insert(bytes.end(), pixels.begin(), pixels.end());
    return bytes;
}

auto decode(const Bytes& bytes) {
    return pmatch::decode_picture(bytes, 1000);
}

Bytes rgb(const Bytes& bytes) {
    const auto result = decode(bytes);
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    REQUIRE_MESSAGE(problem == nullptr, (problem == nullptr ? "" : problem->detail));
    return std::get<pmatch::Image>(result).rgb;
}

std::string code(const Bytes& bytes) {
    const auto result = decode(bytes);
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    return problem == nullptr ? "ok" : problem->code;
}

const std::vector<std::uint32_t> kBlackRedBlue{0x000000, 0xFF0000, 0x0000FF};
constexpr std::uint32_t kUpsideDown = 0xFFFFFFFE;  // -2: the first row is the top one

/// One picture of two by two in each way of keeping pixels.
const std::vector<Bytes> kKinds{
    bmp(2, 2, 1, 0, {0, 0xFF0000}, {0x40, 0, 0, 0, 0x80, 0, 0, 0}),
    bmp(2, 2, 4, 0, kBlackRedBlue, {0x01, 0, 0, 0, 0x10, 0, 0, 0}),
    bmp(2, 2, 8, 0, kBlackRedBlue, {0, 1, 0, 0, 1, 0, 0, 0}),
    bmp(2, 2, 8, 1, kBlackRedBlue, {1, 0, 1, 1, 0, 0, 0, 3, 1, 0, 2, 0}),
    bmp(2, 2, 4, 2, kBlackRedBlue, {2, 0x01, 0, 0, 2, 0x10}),
    bmp(2, 2, 16, 0, {}, {0, 0, 0, 0x7C, 0, 0x7C, 0, 0}),
    bmp(2, 2, 16, 3, {0xF800, 0x07E0, 0x001F}, {0, 0, 0, 0xF8, 0, 0xF8, 0, 0}),
    bmp(2, 2, 24, 0, {}, {0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0}),
    bmp(2, 2, 32, 0, {}, {0, 0, 0, 9, 0, 0, 255, 9, 0, 0, 255, 9, 0, 0, 0, 9}),
    bmp(2, 2, 32, 3, {0xFF, 0xFF00, 0xFF0000},
        {0, 0, 0, 9, 255, 0, 0, 9, 255, 0, 0, 9, 0, 0, 0, 9}),
};

}  // namespace

TEST_CASE("every kind of bitmap has the pixels that were written") {
    // Rows come bottom up: red is at the top left and the bottom right.
    const Bytes wanted{255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0};
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        CAPTURE(kind);
        CHECK(rgb(kKinds[kind]) == wanted);
    }
    CHECK(rgb(bmp(1, kUpsideDown, 8, 0, kBlackRedBlue, {1, 0, 0, 0, 2, 0, 0, 0})) ==
          Bytes{255, 0, 0, 0, 0, 255});
}

TEST_CASE("few bits a colour are spread over 0 to 255, rounded down") {
    CHECK(rgb(bmp(1, 1, 16, 0, {}, {0x21, 0x04, 0, 0})) == Bytes{8, 8, 8});  // 1 of 31
    CHECK(rgb(bmp(1, 1, 16, 3, {0xF800, 0x07E0, 0x001F}, {0x20, 0, 0, 0})) == Bytes{0, 4, 0});
}

TEST_CASE("a bitmap cut off anywhere is never taken for a picture") {
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        const auto& whole = kKinds[kind];
        // The last row's padding, and bytes that mean nothing, may be missing.
        for (std::size_t size = 2; size + 4 < whole.size(); ++size) {
            CAPTURE(kind);
            CAPTURE(size);
            const auto found = code(Bytes(whole.begin(), whole.begin() + static_cast<int>(size)));
            CHECK(found == "truncated");
        }
    }
}

TEST_CASE("a bitmap with any byte changed is read or refused") {
    for (const auto& whole : kKinds) {
        for (std::size_t at = 2; at < whole.size(); ++at) {
            for (const int value : {0, 1, 0x7F, 0x80, 0xFF}) {
                auto changed = whole;
                changed[at] = static_cast<std::uint8_t>(value);
                CHECK_FALSE(code(changed).empty());
            }
        }
    }
    CHECK(code(bmp(0x80000000, 1, 24, 0, {}, {})) == "corrupt");
    CHECK(code(bmp(2000, 2000, 24, 0, {}, {})) == "too_many_pixels");
    CHECK(code(bmp(2, 2, 2, 0, {}, {})) == "unsupported_format");
    CHECK(code(bmp(2, 2, 16, 3, {5, 2, 8}, {0, 0, 0, 0, 0, 0, 0, 0})) == "corrupt");
}
