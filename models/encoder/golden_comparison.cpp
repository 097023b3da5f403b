#include "models/encoder/golden_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace pmatch {
namespace {

constexpr double kLeastDecibels = 50;
constexpr double kNoNoise = 1e9;
/// Tolerance for floats that represent levels.
constexpr double kRounding = 1e-3;

/// The largest 1 - cosine that is accepted.
double limit_of(std::string_view precision) {
    if (precision == "fp32") return 1e-5;
    return precision == "int8" ? 1e-2 : 1e-3;
}

int largest_step(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(int{a[i]} - int{b[i]}));
    return largest;
}

double decibels(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double step = double{static_cast<double>(a[i])} - static_cast<double>(b[i]);
        squares += step * step;
    }
    constexpr double kPeak = 255;
    if (squares == 0) return kNoNoise;
    return 10 * std::log10(kPeak * kPeak * static_cast<double>(a.size()) / squares);
}

/// 1 - cosine, computed so that equal vectors give exactly 0.
double angle(std::span<const float> a, std::span<const float> b) {
    double product = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += double{a[i]} * b[i];
        square_a += double{a[i]} * a[i];
        square_b += double{b[i]} * b[i];
    }
    if (!(square_a > 0) || !(square_b > 0)) return 1;
    return std::max(0.0, 1 - product / std::sqrt(square_a * square_b));
}

}  // namespace

GoldenComparison::GoldenComparison(std::string_view precision)
    : vector_limit_(limit_of(precision)) {}

GoldenComparison::Stage& GoldenComparison::count(GoldenStage stage, double difference) {
    auto& counted = stages_.at(static_cast<std::size_t>(stage));
    ++counted.compared;
    counted.largest = std::max(counted.largest, difference);
    return counted;
}

void GoldenComparison::fail(Stage& stage, const std::string& example, const std::string& why) {
    if (stage.detail.empty()) stage.detail = fmt::format("{}: {}", example, why);
}

void GoldenComparison::failed(GoldenStage stage, const std::string& example,
                              const std::string& why) {
    fail(count(stage, 0), example, why);
}

void GoldenComparison::decoded(const std::string& example, const Image& ours,
                               const Image& reference, bool lossless) {
    if (ours.width != reference.width || ours.height != reference.height) {
        failed(GoldenStage::kDecoded, example,
               fmt::format("{} x {} pixels, the reference has {} x {}", ours.width, ours.height,
                           reference.width, reference.height));
        return;
    }
    const int step = largest_step(ours.rgb, reference.rgb);
    auto& stage = count(GoldenStage::kDecoded, step);
    if (lossless) {
        if (step > 0) fail(stage, example, fmt::format("differs by up to {} of 255", step));
        return;
    }
    const double noise = decibels(ours.rgb, reference.rgb);
    stage.noise = std::min(stage.noise, noise);
    if (noise < kLeastDecibels) fail(stage, example, fmt::format("PSNR {:.1f} dB", noise));
}

void GoldenComparison::resized(const std::string& example, std::span<const std::uint8_t> ours,
                               std::span<const std::uint8_t> reference) {
    if (ours.size() != reference.size()) {
        failed(GoldenStage::kResized, example,
               fmt::format("{} bytes, the reference has {}", ours.size(), reference.size()));
        return;
    }
    const int step = largest_step(ours, reference);
    auto& stage = count(GoldenStage::kResized, step);
    if (step > 1) fail(stage, example, fmt::format("differs by up to {} of 255", step));
}

void GoldenComparison::resized(const std::string& example, bool equal) {
    auto& stage = count(GoldenStage::kResized, 0);
    if (!equal) fail(stage, example, "the pixels have another SHA-256 than the reference's");
}

void GoldenComparison::tensor(const std::string& example, std::span<const float> ours,
                              std::span<const float> reference, std::span<const double> levels) {
    double largest = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double step = std::abs(double{ours[i]} - double{reference[i]}) * levels[i];
        // NaN must not count as a small difference.
        largest =
            std::isfinite(step) ? std::max(largest, step) : std::numeric_limits<double>::infinity();
    }
    auto& stage = count(GoldenStage::kTensor, largest);
    if (largest > 1 + kRounding) {
        fail(stage, example, fmt::format("differs by up to {:.3g} levels of 255", largest));
    }
}

void GoldenComparison::tokens(const std::string& example, std::span<const std::int32_t> ours,
                              std::span<const std::int32_t> reference) {
    const auto length = std::min(ours.size(), reference.size());
    std::size_t wrong = std::max(ours.size(), reference.size()) - length;
    std::size_t first = length;
    for (std::size_t i = length; i-- > 0;) {
        if (ours[i] == reference[i]) continue;
        ++wrong;
        first = i;
    }
    auto& stage = count(GoldenStage::kTokens, static_cast<double>(wrong));
    if (wrong == 0) return;
    const auto id = [&](std::span<const std::int32_t> ids) {
        return first < ids.size() ? std::to_string(ids[first]) : std::string("the end");
    };
    fail(stage, example,
         fmt::format("token {} is {}, the reference has {}", first, id(ours), id(reference)));
}

void GoldenComparison::vector(const std::string& example, std::span<const float> ours,
                              std::span<const float> reference) {
    const double difference = ours.size() == reference.size() ? angle(ours, reference) : 1;
    auto& stage = count(GoldenStage::kVector, difference);
    if (!(difference <= vector_limit_)) {
        fail(stage, example, fmt::format("cosine {:.6f}", 1 - difference));
    }
}

std::vector<StageReport> GoldenComparison::reports() const {
    struct Text {
        const char* stage;
        std::string largest;
        std::string allowed;
    };
    const auto at = [&](GoldenStage stage) { return stages_.at(static_cast<std::size_t>(stage)); };
    const auto& decoded = at(GoldenStage::kDecoded);
    const bool jpeg = decoded.noise < kNoNoise;
    const std::array<Text, 5> texts{{
        {"decoded pixels",
         fmt::format("{:.0f} of 255{}", decoded.largest,
                     jpeg ? fmt::format(", {:.1f} dB", decoded.noise) : ""),
         "0; JPEG 50 dB"},
        {"resized pixels", fmt::format("{:.0f} of 255", at(GoldenStage::kResized).largest),
         "1 of 255"},
        {"tensor", fmt::format("{:.2g} of 255", at(GoldenStage::kTensor).largest), "1 of 255"},
        {"token ids", fmt::format("{:.0f} ids", at(GoldenStage::kTokens).largest), "0 ids"},
        {"vector", fmt::format("{:.2g} (1 - cosine)", at(GoldenStage::kVector).largest),
         fmt::format("{:.0e}", vector_limit_)},
    }};
    std::vector<StageReport> reports;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto& stage = stages_.at(i);
        reports.push_back({texts.at(i).stage, stage.compared,
                           stage.compared > 0 ? texts.at(i).largest : "", texts.at(i).allowed,
                           stage.detail.empty(), stage.detail});
    }
    return reports;
}

}  // namespace pmatch
