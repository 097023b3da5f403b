#define ZX_USE_UTF8 1  // text() is UTF-8 in ZXing-C++ 1.4, too
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/opencv/bar_patches.hpp"
#include "core/opencv/opencv.hpp"
#include "core/vision/code_looks.hpp"
#include "core/vision/read_codes.hpp"

namespace pmatch {
namespace {

using Format = ZXing::BarcodeFormat;

ZXing::Binarizer binarizer_of(const CodeLook& look) {
    return look.local ? ZXing::Binarizer::LocalAverage : ZXing::Binarizer::GlobalHistogram;
}

cv::Mat gray_of(const Image& image, const CodeOptions& options) {
    cv::Mat gray;
    cv::cvtColor(as_matrix(image), gray, cv::COLOR_RGB2GRAY);
    while (gray.total() > static_cast<std::size_t>(options.most_pixels))
        cv::resize(gray, gray, {}, 0.5, 0.5, cv::INTER_AREA);
    return gray;
}

void sharpen(cv::Mat& gray, const CodeLook& look) {
    if (look.sharpen == 0) return;
    cv::Mat blurred;
    cv::GaussianBlur(gray, blurred, {}, look.scale);
    cv::addWeighted(gray, 1 + look.sharpen, blurred, -look.sharpen, 0, gray);
}

using Found = std::set<std::pair<std::string, std::string>>;  // type and text

/// One code and its middle, as ReadBarcodes() of ZXing-C++ 1.4 stops the program at an assertion
/// where a picture shows the same code twice.
std::optional<cv::Point2d> read_one(const cv::Mat& gray, const CodeLook& look,
                                    ZXing::BarcodeFormats formats, bool turn, int lines,
                                    Found& found) {
    const auto hints = ZXing::DecodeHints()
                           .setFormats(formats)
                           .setBinarizer(binarizer_of(look))
                           .setTryRotate(turn)
                           .setTryDownscale(false)
                           .setMinLineCount(static_cast<std::uint8_t>(lines));
    const ZXing::ImageView view(gray.data, gray.cols, gray.rows, ZXing::ImageFormat::Lum,
                                static_cast<int>(gray.step[0]));
    const auto result = ZXing::ReadBarcode(view, hints);
    if (!result.isValid()) return std::nullopt;
    auto text = result.text();
    if (result.format() == Format::UPCE) text = upc_a_of(text);
    found.emplace(ZXing::ToString(result.format()), std::move(text));
    cv::Point2d middle;
    for (const auto& corner : result.position())
        middle += cv::Point2d(corner.x, corner.y) / 4;
    return middle;
}

std::optional<cv::Point2d> read_bars(const cv::Mat& gray, const CodeLook& look, bool turn,
                                     Found& found) {
    const auto middle = read_one(gray, look, Format::EAN13 | Format::UPCA, turn, kCodeLines, found);
    if (middle) return middle;
    return read_one(gray, look, Format::EAN8 | Format::UPCE, turn, kCodeLinesOfShort, found);
}

/// Returns the middle of the bars that were read, if any were.
std::optional<cv::Point2d> read_whole(const cv::Mat& gray, const CodeOptions& options,
                                      Found& found) {
    for (const auto& look : kLooksAtWhole) {
        if (look.scale > 1 && std::max(gray.cols, gray.rows) >= options.enlarge_below) continue;
        cv::Mat seen = gray;
        if (look.scale != 1) cv::resize(gray, seen, {}, look.scale, look.scale, cv::INTER_CUBIC);
        read_one(seen, look, Format::QRCode, true, kCodeLines, found);
        read_one(seen, look, Format::DataMatrix, true, kCodeLines, found);
        const auto middle = read_bars(seen, look, true, found);
        if (middle) return *middle / look.scale;
        if (!found.empty()) break;
    }
    return std::nullopt;
}

bool contains(const cv::RotatedRect& box, const cv::Point2d& point) {
    const double radians = box.angle * CV_PI / 180;
    const auto from = point - cv::Point2d(box.center);
    const double u = std::cos(radians) * from.x + std::sin(radians) * from.y;
    const double v = -std::sin(radians) * from.x + std::cos(radians) * from.y;
    return std::abs(u) <= box.size.width / 2 && std::abs(v) <= box.size.height / 2;
}

/// One misread digit in ten passes the check digit, and bars of a pixel are misread: two looks must
/// agree.
void read_patch(const cv::Mat& gray, const BarPatch& patch, const CodeOptions& options,
                Found& found) {
    Found once;
    for (const auto& look : kLooksAtPatch) {
        auto seen = upright_patch(gray, patch, look.scale, options.most_patch_pixels);
        sharpen(seen, look);
        Found here;
        read_bars(seen, look, false, here);
        for (const auto& code : here) {
            if (!once.insert(code).second) {
                found.insert(code);
                return;
            }
        }
    }
}

}  // namespace

std::vector<Code> codes_in(const Image& image, const CodeOptions& options) {
    const auto gray = gray_of(image, options);
    Found found;
    const auto known = read_whole(gray, options, found);
    for (const auto& patch : bar_patches(gray, static_cast<std::size_t>(options.most_patches))) {
        if (!known || !contains(patch.box, *known)) read_patch(gray, patch, options, found);
    }
    std::vector<Code> codes;
    for (const auto& [type, text] : found)
        codes.push_back({type, text});
    return codes;
}

}  // namespace pmatch
