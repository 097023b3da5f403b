#include "core/vision/read_codes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/identifiers/identifier.hpp"

using namespace pmatch;

namespace {

/// The modules of an EAN-13, 1 for a dark one: GS1 General Specifications, section 5.2.1.
std::string modules_of(const std::string& digits) {
    const std::array<std::string, 10> odd{"0001101", "0011001", "0010011", "0111101", "0100011",
                                          "0110001", "0101111", "0111011", "0110111", "0001011"};
    const std::array<std::string, 10> even_sides{"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
                                                 "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"};
    const auto digit = [&](std::size_t at) { return static_cast<std::size_t>(digits[at] - '0'); };
    const auto right = [&](std::size_t at) {
        auto code = odd[digit(at)];
        for (auto& bit : code)
            bit = bit == '0' ? '1' : '0';
        return code;
    };
    std::string modules = "101";
    for (std::size_t at = 1; at <= 6; ++at) {
        auto even = right(at);
        std::reverse(even.begin(), even.end());
        modules += even_sides[digit(0)][at - 1] == 'A' ? odd[digit(at)] : even;
    }
    modules += "01010";
    for (std::size_t at = 7; at <= 12; ++at)
        modules += right(at);
    return modules + "101";
}

Image white(int width, int height) {
    Image image{width, height, {}};
    image.rgb.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 255);
    return image;
}

/// Draws the code `module` pixels a module wide.
void draw(Image& image, const std::string& digits, int left, int top, int module) {
    const auto modules = modules_of(digits);
    for (int y = top; y < top + 40 * module; ++y) {
        for (int x = 0; x < static_cast<int>(modules.size()) * module; ++x) {
            if (modules[static_cast<std::size_t>(x / module)] == '0') continue;
            const auto at =
                3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                     static_cast<std::size_t>(left + x));
            std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(at), 3, std::uint8_t{0});
        }
    }
}

std::vector<std::string> texts_of(const Image& image) {
    std::vector<std::string> texts;
    for (const auto& code : codes_in(image))
        texts.push_back(code.text);
    return texts;
}

}  // namespace

TEST_CASE("a code that was drawn is read") {
    auto image = white(400, 200);
    draw(image, "4006381333931", 60, 50, 2);
    const auto codes = codes_in(image);
    REQUIRE(codes.size() == 1);
    CHECK(codes[0].type == "EAN-13");
    CHECK(codes[0].text == "4006381333931");
}

TEST_CASE("the same code twice in a picture is one code") {
    auto image = white(300, 400);
    draw(image, "4006381333931", 40, 30, 2);
    draw(image, "4006381333931", 40, 250, 2);
    CHECK(texts_of(image) == std::vector<std::string>{"4006381333931"});
}

TEST_CASE("a code upside down and one on its side are read") {
    auto image = white(400, 200);
    draw(image, "9783161484100", 60, 50, 2);
    auto turned = image;
    for (std::size_t pixel = 0; pixel < turned.rgb.size() / 3; ++pixel)
        std::copy_n(image.rgb.end() - static_cast<std::ptrdiff_t>(3 * (pixel + 1)), 3,
                    turned.rgb.begin() + static_cast<std::ptrdiff_t>(3 * pixel));
    CHECK(texts_of(turned) == std::vector<std::string>{"9783161484100"});
    auto upright = white(200, 400);
    for (std::size_t y = 0; y < 200; ++y) {
        for (std::size_t x = 0; x < 400; ++x)
            std::copy_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (y * 400 + x)), 3,
                        upright.rgb.begin() + static_cast<std::ptrdiff_t>(3 * (x * 200 + 199 - y)));
    }
    CHECK(texts_of(upright) == std::vector<std::string>{"9783161484100"});
}

TEST_CASE("pictures in which there is nothing to read, however small, have no codes") {
    for (const auto [width, height] : {std::array{1, 1}, {1, 500}, {500, 1}, {7, 9}, {300, 200}})
        CHECK(texts_of(white(width, height)).empty());
}

TEST_CASE("stripes that are no code are not taken for one") {
    auto image = white(400, 300);
    for (std::size_t at = 0; at < image.rgb.size(); ++at)
        image.rgb[at] = at / 3 % 400 / 3 % 2 == 0 ? 20 : 235;
    CHECK(texts_of(image).empty());
}

TEST_CASE("a code with a wrong check digit is not told") {
    auto image = white(400, 200);
    draw(image, "4006381333932", 60, 50, 2);
    CHECK(texts_of(image).empty());
}

TEST_CASE("UPC-E stands for a number of UPC-A") {
    // Examples of the encyclopaedias; the check digit of each expansion is the judge of the others.
    CHECK(upc_a_of("06543217") == "065100004327");
    CHECK(upc_a_of("04252614") == "042100005264");
    for (const auto* digits : {"06543217", "04252614", "01234531", "01234505", "01234565"}) {
        INFO(digits);
        CHECK(trade_number(upc_a_of(digits)));
    }
    CHECK(upc_a_of("4006381333931") == "4006381333931");
    CHECK(upc_a_of("0654321x") == "0654321x");
}
