#include "models/encoder/golden_comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace {

using pmatch::GoldenComparison;
using pmatch::Image;
using pmatch::StageReport;

Image flat(int width, int height, std::uint8_t value) {
    return {width, height,
            std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), value)};
}

StageReport stage(const GoldenComparison& judge, const std::string& name) {
    for (auto& report : judge.reports()) {
        if (report.stage == name) return report;
    }
    FAIL("no stage ", name);
    return {};
}

bool vector_passes(const char* precision, double cosine) {
    GoldenComparison judge(precision);
    const std::vector<float> reference{1, 0};
    const std::vector<float> ours{static_cast<float>(cosine),
                                  static_cast<float>(std::sqrt(1 - cosine * cosine))};
    judge.vector("v", ours, reference);
    return stage(judge, "vector").good;
}

}  // namespace

TEST_CASE("stages come in order, and those without examples say so") {
    const auto reports = GoldenComparison("fp32").reports();
    std::vector<std::string> names;
    for (const auto& report : reports) {
        names.push_back(report.stage);
        CHECK(report.compared == 0);
        CHECK(report.good);
    }
    CHECK(names == std::vector<std::string>{"decoded pixels", "resized pixels", "tensor",
                                            "token ids", "vector"});
}

TEST_CASE("a picture without loss must be decoded exactly, a JPEG to 50 dB") {
    const auto reference = flat(8, 8, 100);
    auto near = reference;
    near.rgb[7] = 101;  // 48.1 + 10 log10(192) dB
    GoldenComparison lossless("fp32");
    lossless.decoded("a.png", reference, reference, true);
    CHECK(stage(lossless, "decoded pixels").good);
    lossless.decoded("b.png", near, reference, true);
    const auto report = stage(lossless, "decoded pixels");
    CHECK_FALSE(report.good);
    CHECK(report.compared == 2);
    CHECK(report.detail == "b.png: differs by up to 1 of 255");
    GoldenComparison jpeg("fp32");
    jpeg.decoded("a.jpg", near, reference, false);
    CHECK(stage(jpeg, "decoded pixels").good);
    jpeg.decoded("b.jpg", flat(8, 8, 101), reference, false);
    CHECK(stage(jpeg, "decoded pixels").detail == "b.jpg: PSNR 48.1 dB");
}

TEST_CASE("a picture of another size is no small difference") {
    GoldenComparison judge("fp32");
    judge.decoded("turned.jpg", flat(8, 6, 1), flat(6, 8, 1), false);
    CHECK(stage(judge, "decoded pixels").detail ==
          "turned.jpg: 8 x 6 pixels, the reference has 6 x 8");
    judge.resized("a", std::vector<std::uint8_t>(3), std::vector<std::uint8_t>(6));
    CHECK_FALSE(stage(judge, "resized pixels").good);
}

TEST_CASE("resized pixels may differ by one level") {
    GoldenComparison judge("fp32");
    const std::vector<std::uint8_t> reference{10, 20, 255};
    judge.resized("a", std::vector<std::uint8_t>{11, 19, 254}, reference);
    CHECK(stage(judge, "resized pixels").good);
    CHECK(stage(judge, "resized pixels").largest == "1 of 255");
    judge.resized("b", std::vector<std::uint8_t>{10, 22, 255}, reference);
    CHECK(stage(judge, "resized pixels").detail == "b: differs by up to 2 of 255");
    GoldenComparison sums("fp32");
    sums.resized("a", true);
    CHECK(stage(sums, "resized pixels").good);
    sums.resized("b", false);
    CHECK_FALSE(stage(sums, "resized pixels").good);
}

TEST_CASE("a tensor's differences are counted in levels of a pixel") {
    const std::vector<double> levels{58.4, 58.4};  // std .229, rescale 1/255
    const std::vector<float> reference{1.0F, -2.0F};
    GoldenComparison judge("fp32");
    judge.tensor("a", std::vector<float>{1.017F, -2.0F}, reference, levels);
    CHECK(stage(judge, "tensor").good);
    judge.tensor("b", std::vector<float>{1.0F, -2.03F}, reference, levels);
    CHECK_FALSE(stage(judge, "tensor").good);
    GoldenComparison nan("fp32");
    nan.tensor("c", std::vector<float>{std::nanf(""), 0}, reference, levels);
    CHECK_FALSE(stage(nan, "tensor").good);
}

TEST_CASE("token ids must be equal, and the first that is not is named") {
    const std::vector<std::int32_t> reference{101, 7, 8, 102};
    GoldenComparison judge("fp32");
    judge.tokens("same", reference, reference);
    CHECK(stage(judge, "token ids").good);
    judge.tokens("other", std::vector<std::int32_t>{101, 7, 9, 102}, reference);
    CHECK(stage(judge, "token ids").detail == "other: token 2 is 9, the reference has 8");
    CHECK(stage(judge, "token ids").largest == "1 ids");
    GoldenComparison cut("fp32");
    cut.tokens("cut", std::vector<std::int32_t>{101, 7, 8}, reference);
    CHECK(stage(cut, "token ids").detail == "cut: token 3 is the end, the reference has 102");
}

TEST_CASE("how far a vector may turn depends on the precision") {
    CHECK(vector_passes("fp32", 0.999995));
    CHECK_FALSE(vector_passes("fp32", 0.9999));
    CHECK(vector_passes("bf16", 0.9995));
    CHECK(vector_passes("fp16", 0.9995));
    CHECK_FALSE(vector_passes("bf16", 0.998));
    CHECK(vector_passes("int8", 0.995));
    CHECK_FALSE(vector_passes("int8", 0.98));
    GoldenComparison judge("int8");
    judge.vector("short", std::vector<float>{1}, std::vector<float>{1, 0});
    CHECK_FALSE(stage(judge, "vector").good);
    GoldenComparison nothing("int8");
    nothing.vector("zero", std::vector<float>{0, 0}, std::vector<float>{1, 0});
    CHECK_FALSE(stage(nothing, "vector").good);
    GoldenComparison broken("int8");
    const auto nan = std::numeric_limits<float>::quiet_NaN();
    broken.vector("nan", std::vector<float>{nan, nan}, std::vector<float>{1, 0});
    CHECK_FALSE(stage(broken, "vector").good);
}

TEST_CASE("a stage that could not be reached is a failure of that stage") {
    GoldenComparison judge("fp32");
    judge.failed(pmatch::GoldenStage::kDecoded, "a.png", "a.png cannot be read: cut short");
    const auto report = stage(judge, "decoded pixels");
    CHECK_FALSE(report.good);
    CHECK(report.compared == 1);
    CHECK(report.detail == "a.png: a.png cannot be read: cut short");
}
