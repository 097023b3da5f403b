#include "tests/gpu/made_up_inputs.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace pmatch::test {
namespace {

std::string made_up_text(std::mt19937& random) {
    constexpr std::array kWords{"red",  "stoneware", "mug",   "500 ml",    "running",
                                "shoe", "size 42",   "black", "desk lamp", "crème",
                                "LED",  "cotton",    "with",  "lid"};
    std::uniform_int_distribution<std::size_t> word(0, kWords.size() - 1);
    std::uniform_int_distribution<int> length(1, 60);
    std::string text;
    for (int i = length(random); i > 0; --i)
        text += std::string(kWords.at(word(random))) + " ";
    return text;
}

Image made_up_picture(std::mt19937& random) {
    std::uniform_int_distribution<int> side(200, 320);
    std::uniform_int_distribution<int> level(0, 255);
    Image image{side(random), side(random), {}};
    std::array<int, 3> colour{level(random), level(random), level(random)};
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            for (std::size_t c = 0; c < 3; ++c) {
                const int edge = (x / 40 + y / 30) % 2 == 0 ? 0 : 90;
                const int value = (colour.at(c) + edge + x / 2 + level(random) / 16) % 256;
                image.rgb.push_back(static_cast<std::uint8_t>(value));
            }
        }
    }
    return image;
}

}  // namespace

std::vector<Prepared> made_up_inputs(const Encoder& encoder, std::size_t count) {
    std::mt19937 random(7);
    std::vector<Prepared> inputs;
    for (std::size_t i = 0; i < count; ++i) {
        if (encoder.info().images) {
            inputs.push_back(encoder.prepare(made_up_picture(random)));
        } else {
            inputs.push_back(encoder.prepare(made_up_text(random), TextRole::kDocument));
        }
    }
    std::stable_sort(inputs.begin(), inputs.end(), [](const Prepared& a, const Prepared& b) {
        return a.tokens.size() < b.tokens.size();
    });
    return inputs;
}

}  // namespace pmatch::test
