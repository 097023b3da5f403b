// The small pictures of tests/fuzz/seeds, all made of one grey gradient of 9 x 7 pixels by
// scripts/torture/make_seeds.py.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "data/decoders/picture_decoders.hpp"
#include "data/pictures/image_reader.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes seed(const std::string& name) {
    std::ifstream file("tests/fuzz/seeds/picture/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool is_read(const Bytes& bytes) {
    return pmatch::detail::sniff_format(bytes) != nullptr;
}

pmatch::Image image(const Bytes& bytes) {
    auto result = pmatch::decode_picture(bytes, 1000);
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    REQUIRE_MESSAGE(problem == nullptr, (problem == nullptr ? "" : problem->detail));
    return std::get<pmatch::Image>(std::move(result));
}

const std::vector<std::string> kPlain{"rgb.avif", "rgb.heic", "rgb.jp2", "gray.j2k",
                                      "interlaced.gif"};
const std::vector<std::string> kTransparent{"rgba.avif", "rgba.heic", "rgba.jp2"};

}  // namespace

TEST_CASE("every format shows the gradient, dark at the top") {
    const auto reference = image(seed("rgb.png"));
    for (const auto& name : kPlain) {
        const auto bytes = seed(name);
        REQUIRE_FALSE(bytes.empty());
        if (!is_read(bytes)) {
            MESSAGE("skipped, not part of this build: ", name);
            continue;
        }
        const auto picture = image(bytes);
        CHECK(picture.width == 9);
        CHECK(picture.height == 7);
        REQUIRE(picture.rgb.size() == reference.rgb.size());
        for (std::size_t i = 0; i < picture.rgb.size(); ++i)
            CHECK_MESSAGE(std::abs(picture.rgb[i] - reference.rgb[i]) <= 4, name, " at ", i);
    }
}

TEST_CASE("transparency is composited on white in every format") {
    const auto reference = image(seed("rgba.png"));
    for (const auto& name : kTransparent) {
        const auto bytes = seed(name);
        if (!is_read(bytes)) continue;
        const auto picture = image(bytes);
        REQUIRE(picture.rgb.size() == reference.rgb.size());
        for (std::size_t i = 0; i < picture.rgb.size(); ++i)
            CHECK_MESSAGE(std::abs(picture.rgb[i] - reference.rgb[i]) <= 4, name, " at ", i);
    }
}

TEST_CASE("a picture cut anywhere is whole or a problem, never an exception") {
    for (const auto& names : {kPlain, kTransparent}) {
        for (const auto& name : names) {
            const auto bytes = seed(name);
            for (std::size_t size = 0; size < bytes.size(); size += 5) {
                const auto result = pmatch::decode_picture(std::span(bytes).first(size), 1000);
                const auto* problem = std::get_if<pmatch::Problem>(&result);
                if (problem == nullptr) continue;
                CHECK_FALSE(problem->code.empty());
                CHECK(problem->detail.find('\n') == std::string::npos);
            }
        }
    }
}

TEST_CASE("every format respects the limit of pixels") {
    for (const auto& names : {kPlain, kTransparent}) {
        for (const auto& name : names) {
            const auto bytes = seed(name);
            if (!is_read(bytes)) continue;
            const auto result = pmatch::decode_picture(bytes, 9 * 7 - 1);
            REQUIRE_MESSAGE(std::holds_alternative<pmatch::Problem>(result), name);
            CHECK(std::get<pmatch::Problem>(result).code == "too_many_pixels");
        }
    }
}

TEST_CASE("a JPEG behind a few stray bytes is the same picture") {
    const auto jpeg = seed("rgb.jpg");
    const auto behind = [&](const std::string& stray) {
        Bytes bytes(stray.begin(), stray.end());
        bytes.insert(bytes.end(), jpeg.begin(), jpeg.end());
        return bytes;
    };
    for (const std::string stray : {"\n", "\xEF\xBB\xBF\r\n\r\n", "Warning: mysql_connect()\n"})
        CHECK(image(behind(stray)).rgb == image(jpeg).rgb);
    for (const auto& no_picture : {std::string(200, ' '), std::string("%PDF-1.4\n")})
        CHECK_FALSE(is_read(behind(no_picture)));
}
