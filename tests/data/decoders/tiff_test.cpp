#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "data/pictures/image_reader.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
}

struct Shape {
    unsigned width = 1;
    unsigned height = 1;
    unsigned bits = 8;
    unsigned kind = 1;  ///< SampleFormat: 1 unsigned, 2 signed, 3 float
    unsigned samples = 1;
    unsigned photometric = 1;  ///< 0 white is 0, 1 black is 0, 2 RGB
    bool big = false;
};

/// One strip, without compression. `bits` of RGB must fit the tag itself: in a BigTIFF.
Bytes tiff(const Shape& shape, const Bytes& pixels) {
    const int word = shape.big ? 8 : 4;
    struct Tag {
        unsigned tag, type, count;
        std::uint64_t value;
    };
    std::uint64_t bits = 0;
    std::uint64_t kinds = 0;
    for (unsigned i = 0; i < shape.samples; ++i) {
        bits |= std::uint64_t{shape.bits} << (16 * i);
        kinds |= std::uint64_t{shape.kind} << (16 * i);
    }
    std::vector<Tag> tags{{256, 3, 1, shape.width},       {257, 3, 1, shape.height},
                          {258, 3, shape.samples, bits},  {259, 3, 1, 1},
                          {262, 3, 1, shape.photometric}, {273, 4, 1, 0},
                          {277, 3, 1, shape.samples},     {278, 3, 1, shape.height},
                          {279, 4, 1, pixels.size()},     {339, 3, shape.samples, kinds}};
    Bytes bytes{'I', 'I'};
    append(bytes, shape.big ? 43 : 42, 2);
    if (shape.big) append(bytes, 8, 4);  // the size of offsets, and zeros
    append(bytes, shape.big ? 16 : 8, word);
    append(bytes, tags.size(), shape.big ? 8 : 2);
    const auto end =
        bytes.size() + tags.size() * (shape.big ? 20 : 12) + static_cast<std::size_t>(word);
    for (const auto& tag : tags) {
        append(bytes, tag.tag, 2);
        append(bytes, tag.type, 2);
        append(bytes, tag.count, word);
        append(bytes, tag.tag == 273 ? end : tag.value, word);
    }
    append(bytes, 0, word);
    bytes.insert(bytes.end(), pixels.begin(), pixels.end());
    return bytes;
}

/// The pixels, of grey pictures one byte each; or the problem's code.
std::string levels(const Bytes& bytes, std::uint64_t max_pixels = 1000) {
    const auto result = pmatch::decode_picture(bytes, max_pixels);
    const auto* image = std::get_if<pmatch::Image>(&result);
    if (image == nullptr) return std::get<pmatch::Problem>(result).code;
    std::string text;
    for (std::size_t i = 0; i < image->rgb.size(); i += 3)
        text += (text.empty() ? "" : " ") + std::to_string(image->rgb[i]);
    return text;
}

Bytes floats(const std::vector<float>& values) {
    Bytes bytes;
    for (const float value : values)
        append(bytes, std::bit_cast<std::uint32_t>(value), 4);
    return bytes;
}

}  // namespace

TEST_CASE("12 bits keep their upper 8") {
    // 0x000 0xFFF 0x7FF 0x800
    const Bytes pixels{0x00, 0x0F, 0xFF, 0x7F, 0xF8, 0x00};
    CHECK(levels(tiff({4, 1, 12}, pixels)) == "0 255 127 128");
    CHECK(levels(tiff({4, 1, 12, 1, 1, 0}, pixels)) == "255 0 128 127");
}

TEST_CASE("rows of an odd number of 12-bit samples end with half a byte to spare") {
    CHECK(levels(tiff({1, 2, 12}, {0xFF, 0xF0, 0x80, 0x00})) == "255 128");
}

TEST_CASE("integers of 32 bits are cut to 0 and 255") {
    Bytes pixels;
    for (const std::int64_t value : {-5, 0, 77, 300})
        append(pixels, static_cast<std::uint64_t>(value), 4);
    CHECK(levels(tiff({4, 1, 32, 2}, pixels)) == "0 0 77 255");
}

TEST_CASE("floats are levels, or shares of white if all are between 0 and 1") {
    CHECK(levels(tiff({4, 1, 32, 3}, floats({-1, 0, 77.9F, 1e9F}))) == "0 0 77 255");
    CHECK(levels(tiff({4, 1, 32, 3}, floats({0, 0.5F, 1, 0.25F}))) == "0 127 255 63");
    CHECK(levels(tiff({2, 1, 32, 3}, floats({std::bit_cast<float>(0x7FC00000U), 9}))) == "0 9");
}

TEST_CASE("BigTIFF is read like TIFF, and its size checked as early") {
    CHECK(levels(tiff({3, 1, 8, 1, 1, 1, true}, {0, 100, 255})) == "0 100 255");
    CHECK(levels(tiff({2, 1, 8, 1, 3, 2, true}, {9, 0, 0, 8, 0, 0})) == "9 8");
    CHECK(levels(tiff({2, 1, 32, 3, 3, 2, true}, floats({1, 0, 0, 0, 1, 1}))) == "255 0");
    CHECK(levels(tiff({60000, 60000, 8, 1, 1, 1, true}, {0})) == "too_many_pixels");
}

TEST_CASE("wide samples that are not in the file are no picture") {
    for (const unsigned bits : {12U, 32U})
        CHECK(levels(tiff({4, 9, bits}, {1, 2, 3})) == "corrupt");
    CHECK(levels(tiff({30000, 20000, 32, 3}, {1, 2, 3}), 1'000'000'000) == "too_many_pixels");
}
