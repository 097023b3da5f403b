#include "models/preprocess/preprocess.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"

namespace {

pmatch::PreprocessSettings shortest(int size, int crop) {
    pmatch::PreprocessSettings settings;
    settings.shortest = size;
    settings.crop = {crop, crop};
    settings.mean = {127, 127, 127};
    settings.std = {128, 128, 128};
    return settings;
}

pmatch::Image plain(int width, int height, std::uint8_t value) {
    return {width, height,
            std::vector<std::uint8_t>(
                static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, value)};
}

}  // namespace

TEST_CASE("a picture of one colour keeps it at every size") {
    const pmatch::Preprocessor preprocessor(shortest(32, 24));
    for (const auto& image : {plain(1, 1, 200), plain(500, 40, 200), plain(33, 700, 200)}) {
        CHECK(preprocessor.resize(image) == std::vector<std::uint8_t>(24 * 24 * 3, 200));
    }
}

TEST_CASE("the centre is what is left of a picture that needs no resize") {
    auto image = plain(8, 4, 0);
    for (std::size_t i = 0; i < image.rgb.size(); ++i)
        image.rgb[i] = static_cast<std::uint8_t>(i);
    const pmatch::Preprocessor preprocessor(shortest(4, 2));
    const auto at = [](int x, int y, int channel) { return 3 * (8 * y + x) + channel; };
    std::vector<std::uint8_t> wanted;
    for (int y : {1, 2}) {
        for (int x : {3, 4}) {
            for (int c : {0, 1, 2})
                wanted.push_back(static_cast<std::uint8_t>(at(x, y, c)));
        }
    }
    CHECK(preprocessor.resize(image) == wanted);
}

TEST_CASE("pixels are scaled per channel") {
    auto settings = shortest(1, 1);
    settings.rescale = 1.0 / 255;
    settings.mean = {0, 0.5, 0};
    settings.std = {1, 0.5, 2};
    const pmatch::Preprocessor preprocessor(settings);
    const std::vector<std::uint8_t> pixels{255, 0, 255};
    std::vector<float> values(3);
    preprocessor.normalise(pixels, values);
    CHECK(values == std::vector<float>{1.0F, -1.0F, 0.5F});
}

TEST_CASE("a model that sees blue first gets it, and its means in that order") {
    auto settings = shortest(1, 1);
    settings.bgr = true;
    settings.mean = {100, 10, 1};
    settings.std = {1, 1, 1};
    const pmatch::Preprocessor preprocessor(settings);
    const std::vector<std::uint8_t> pixels{11, 22, 133, 1, 2, 3};  // two pixels: red, green, blue
    std::vector<float> values(6);
    preprocessor.normalise(pixels, values);
    CHECK(values == std::vector<float>{33, 12, 10, -97, -8, 0});
}

TEST_CASE("a picture without pixels, or thinner than can be resized, is refused") {
    const pmatch::Preprocessor preprocessor(shortest(4096, 24));
    CHECK_THROWS_AS(preprocessor.resize({0, 5, {}}), pmatch::Error);
    CHECK_THROWS_AS(preprocessor.resize({2, 2, {1, 2, 3}}), pmatch::Error);
    CHECK_THROWS_WITH_AS(preprocessor.resize(plain(1, 5000, 0)),
                         "a picture of 1 x 5000 is too narrow to be resized", pmatch::Error);
}

TEST_CASE("a picture longer than a million pixels is refused in every mode") {
    pmatch::PreprocessSettings squash;
    squash.mode = pmatch::PreprocessSettings::Mode::kSquash;
    squash.resize_height = squash.resize_width = 8;
    squash.std = {1, 1, 1};
    const pmatch::Preprocessor preprocessor(squash);
    CHECK(preprocessor.resize(plain(1, 100'000, 90)) == std::vector<std::uint8_t>(8 * 8 * 3, 90));
    CHECK_THROWS_WITH_AS(preprocessor.resize(plain(1, 2'000'000, 0)),
                         "a picture of 1 x 2000000 is too narrow to be resized", pmatch::Error);
}
