#include "models/preprocess/colour_profile.hpp"

#include <doctest/doctest.h>
#include <lcms2.h>

#include <array>
#include <cstdint>
#include <vector>

#include "models/preprocess/preprocess.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr cmsCIExyY kRed{0.64, 0.33, 1};
constexpr cmsCIExyY kGreen{0.30, 0.60, 1};
constexpr cmsCIExyY kBlue{0.15, 0.06, 1};

/// A profile of sRGB's curve whose channels are these.
Bytes profile(const cmsCIExyY& first, const cmsCIExyY& second, const cmsCIExyY& third) {
    const cmsCIExyY white{0.3127, 0.3290, 1};
    const std::array<cmsFloat64Number, 5> curve{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve* tone = cmsBuildParametricToneCurve(nullptr, 4, curve.data());
    std::array<cmsToneCurve*, 3> tones{tone, tone, tone};
    const cmsCIExyYTRIPLE primaries{first, second, third};
    auto* made = cmsCreateRGBProfile(&white, &primaries, tones.data());
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(made, nullptr, &size);
    Bytes bytes(size);
    cmsSaveProfileToMem(made, bytes.data(), &size);
    cmsCloseProfile(made);
    cmsFreeToneCurve(tone);
    return bytes;
}

bool is_near(const Bytes& a, const Bytes& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i] + 1 || b[i] > a[i] + 1) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("a profile whose red is green and whose green is red exchanges them") {
    const auto converted =
        pmatch::converted_to_srgb({2, 1, {200, 40, 90, 7, 7, 7}, profile(kGreen, kRed, kBlue)});
    REQUIRE(converted);
    CHECK(is_near(converted->rgb, {40, 200, 90, 7, 7, 7}));
    CHECK(converted->width == 2);
}

TEST_CASE("sRGB's own profile changes nothing to speak of") {
    const Bytes pixels{1, 2, 3, 250, 128, 64};
    const auto converted = pmatch::converted_to_srgb({1, 2, pixels, profile(kRed, kGreen, kBlue)});
    REQUIRE(converted);
    CHECK(is_near(converted->rgb, pixels));
}

TEST_CASE("without a profile, or with one that is none, there is nothing to convert") {
    CHECK_FALSE(pmatch::converted_to_srgb({1, 1, {1, 2, 3}}));
    CHECK_FALSE(pmatch::converted_to_srgb({1, 1, {1, 2, 3}, Bytes(300, 7)}));
    auto cut = profile(kGreen, kRed, kBlue);
    cut.resize(cut.size() / 2);
    CHECK_FALSE(pmatch::converted_to_srgb({1, 1, {1, 2, 3}, cut}));
}

TEST_CASE("a package's pictures are converted only if it says so") {
    pmatch::PreprocessSettings settings;
    settings.mode = pmatch::PreprocessSettings::Mode::kSquash;
    settings.resize_height = settings.resize_width = 1;
    settings.std = {1, 1, 1};
    const pmatch::Image image{1, 1, {200, 40, 90}, profile(kGreen, kRed, kBlue)};
    CHECK(pmatch::Preprocessor(settings).resize(image) == Bytes{200, 40, 90});
    settings.srgb = true;
    CHECK(is_near(pmatch::Preprocessor(settings).resize(image), {40, 200, 90}));
}
