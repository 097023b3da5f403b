#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "data/pictures/image_reader.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::initializer_list<int> more) {
    for (const int byte : more)
        bytes.push_back(static_cast<std::uint8_t>(byte));
}

/// A screen with black, red, green and white.
Bytes screen(int width, int height) {
    Bytes bytes{'G', 'I', 'F', '8', '9', 'a'};
    append(bytes, {width & 255, width >> 8, height & 255, height >> 8, 0x81, 0, 0});
    append(bytes, {0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255});
    return bytes;
}

struct Frame {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
    bool interlaced = false;
};

/// Codes of three bits: a clear code (4) before each pair of indices keeps the table small.
void append_frame(Bytes& bytes, const Frame& frame, const std::vector<int>& indices) {
    append(bytes, {0x2C, frame.left, 0, frame.top, 0, frame.width, 0, frame.height, 0,
                   frame.interlaced ? 0x40 : 0, 2});
    std::vector<int> codes;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (i % 2 == 0) codes.push_back(4);
        codes.push_back(indices[i]);
    }
    codes.push_back(5);  // the end
    Bytes block;
    unsigned bits = 0;
    int count = 0;
    for (const int code : codes) {
        bits |= static_cast<unsigned>(code) << static_cast<unsigned>(count);
        for (count += 3; count >= 8; count -= 8, bits >>= 8U)
            block.push_back(static_cast<std::uint8_t>(bits));
    }
    block.push_back(static_cast<std::uint8_t>(bits));
    bytes.push_back(static_cast<std::uint8_t>(block.size()));
    bytes.insert(bytes.end(), block.begin(), block.end());
    append(bytes, {0, 0x3B});
}

auto decode(const Bytes& bytes, std::uint64_t max_pixels = 1000) {
    return pmatch::decode_picture(bytes, max_pixels);
}

std::string code(const Bytes& bytes, std::uint64_t max_pixels = 1000) {
    const auto result = decode(bytes, max_pixels);
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    return problem == nullptr ? "ok" : problem->code;
}

/// The pixels as letters: k, r, g and w.
std::string letters(const Bytes& bytes) {
    const auto result = decode(bytes);
    const auto* image = std::get_if<pmatch::Image>(&result);
    if (image == nullptr) return std::get<pmatch::Problem>(result).detail;
    std::string text;
    for (std::size_t i = 0; i < image->rgb.size(); i += 3) {
        const int colour = image->rgb[i] / 255 + image->rgb[i + 1] / 255 * 2;
        text += "krgw"[colour];
    }
    return text;
}

}  // namespace

TEST_CASE("the first frame is drawn on a screen of the first colour") {
    auto bytes = screen(3, 2);
    append_frame(bytes, {1, 0, 2, 2}, {1, 2, 3, 1});
    CHECK(letters(bytes) ==
          "krg"
          "kwr");
}

TEST_CASE("interlaced rows come back in order") {
    auto bytes = screen(1, 5);
    // The file has rows 0, 4, 2, 1, 3.
    append_frame(bytes, {0, 0, 1, 5, true}, {0, 1, 2, 3, 1});
    CHECK(letters(bytes) == "kwgrr");
}

TEST_CASE("what is transparent, and what the frame does not cover then, is white") {
    auto bytes = screen(3, 1);
    append(bytes, {0x21, 0xF9, 4, 1, 0, 0, 1, 0});  // colour 1 is transparent
    append_frame(bytes, {1, 0, 2, 1}, {1, 2});
    CHECK(letters(bytes) == "wwg");
}

TEST_CASE("a frame that reaches beyond the screen enlarges it") {
    auto bytes = screen(1, 1);
    append_frame(bytes, {1, 0, 2, 1}, {1, 2});
    CHECK(letters(bytes) == "krg");
}

TEST_CASE("a GIF without a frame or pixels, cut or damaged, is no picture") {
    auto whole = screen(2, 2);
    append_frame(whole, {0, 0, 2, 2}, {1, 2, 3, 1});
    // The pixels are in one block, before the two bytes of the end.
    for (std::size_t size = 6; size < whole.size(); ++size) {
        CAPTURE(size);
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(code(cut) == (size + 2 >= whole.size() ? "ok" : "truncated"));
    }
    auto empty = screen(2, 2);
    empty.push_back(0x3B);
    CHECK(code(empty) == "corrupt");
    auto few = screen(2, 2);
    append_frame(few, {0, 0, 2, 2}, {1, 2});
    CHECK(code(few) == "corrupt");
    auto flat = screen(2, 2);
    append_frame(flat, {0, 0, 0, 2}, {});
    CHECK(code(flat) == "corrupt");
}

TEST_CASE("the screen and the frame of a GIF are checked before anything is allocated") {
    auto bytes = screen(60000, 60000);
    append_frame(bytes, {0, 0, 1, 1}, {1});
    CHECK(code(bytes) == "too_many_pixels");
    auto frame = screen(1, 1);
    append_frame(frame, {200, 200, 200, 200}, {1});
    CHECK(code(frame) == "too_many_pixels");
}
