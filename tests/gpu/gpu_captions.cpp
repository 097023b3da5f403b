#include "tests/gpu/gpu_captions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "models/captioner/load_captioner.hpp"

namespace pmatch::test {
namespace {

std::vector<Image> made_up_pictures() {
    constexpr std::array<std::array<int, 2>, 12> kSizes{{{64, 64},
                                                         {300, 200},
                                                         {200, 300},
                                                         {640, 480},
                                                         {31, 500},
                                                         {500, 31},
                                                         {1, 1},
                                                         {112, 112},
                                                         {480, 640},
                                                         {97, 101},
                                                         {384, 384},
                                                         {700, 90}}};
    std::minstd_rand dice(7);
    std::vector<Image> pictures;
    for (const auto& [width, height] : kSizes) {
        Image picture{width, height, {}};
        picture.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
        const auto stride = 40 + dice() % 400;
        for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
            const auto edge = i / stride % 5 * 50;
            picture.rgb[i] = static_cast<std::uint8_t>(edge + dice() % 20);
        }
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

std::vector<Caption> describe(const std::filesystem::path& package, const char* device,
                              const char* precision, const char* view, int batch) {
    CaptionerOptions options;
    options.load.device = device;
    options.load.precision = precision;
    options.settings.view = view;
    options.settings.max_tokens = 48;
    options.settings.repetition_penalty = 1.2;
    options.batch = batch;
    const auto captioner = load_captioner(package, options);
    std::vector<PreparedPicture> prepared;
    for (const auto& picture : made_up_pictures())
        prepared.push_back(captioner->prepare(picture));
    std::vector<const PreparedPicture*> pictures;
    for (const auto& picture : prepared)
        pictures.push_back(&picture);
    return captioner->caption(pictures);
}

/// Tokens before the first difference, in the mean, and how many captions are equal.
std::pair<double, std::size_t> likeness(const std::vector<Caption>& a,
                                        const std::vector<Caption>& b) {
    double tokens = 0;
    std::size_t equal = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto& x = a[i].tokens;
        const auto& y = b[i].tokens;
        const auto common = std::min(x.size(), y.size());
        const auto end = x.begin() + static_cast<std::ptrdiff_t>(common);
        tokens += static_cast<double>(std::mismatch(x.begin(), end, y.begin()).first - x.begin());
        if (x == y) ++equal;
    }
    return {tokens / static_cast<double>(a.size()), equal};
}

}  // namespace

void check_captions(const std::filesystem::path& package, const Check& check) {
    for (const char* view : {"single", "anyres"}) {
        const auto wanted = describe(package, "cpu", "fp32", view, 1);
        for (const int batch : {1, 8}) {
            const auto found = describe(package, "cuda", "fp32", view, batch);
            const auto [tokens, equal] = likeness(wanted, found);
            check(equal == wanted.size(),
                  fmt::format("view {}, batch {}: {} of {} captions equal the CPU's", view, batch,
                              equal, wanted.size()));
        }
        for (const char* precision : {"bf16", "fp16"}) {
            const auto found = describe(package, "cuda", precision, view, 8);
            const auto [tokens, equal] = likeness(wanted, found);
            check(tokens >= 1, fmt::format("view {}, {}: {:.1f} tokens like fp32's, {} of {} equal",
                                           view, precision, tokens, equal, wanted.size()));
        }
    }
}

}  // namespace pmatch::test
