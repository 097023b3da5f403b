#include "core/vision/read_codes.hpp"

#define ZX_USE_UTF8 1  // text() is UTF-8 in ZXing-C++ 1.4, too
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <set>
#include <utility>

#include "core/vision/bar_patches.hpp"
#include "core/vision/opencv.hpp"

namespace pmatch {
namespace {

using Format = ZXing::BarcodeFormat;

/// What is done to a picture, and how dark is told from light in it.
struct Look {
    double scale;    ///< of the picture's sides
    double sharpen;  ///< weight of the unsharp mask, 0 = none
    ZXing::Binarizer binarizer;
};

constexpr auto kLocal = ZXing::Binarizer::LocalAverage;
constexpr auto kGlobal = ZXing::Binarizer::GlobalHistogram;

/// At the whole picture, in this order until one finds something.
constexpr Look kWhole[] = {{1, 0, kLocal}, {1, 0, kGlobal}, {2, 0, kLocal}};
/// At a patch of bars. Bars of a pixel become readable by enlarging, blurred ones by sharpening.
constexpr Look kPatch[] = {{2, 0, kLocal}, {2, 1.5, kGlobal}, {3, 1.5, kLocal}, {4, 3, kGlobal},
                           {4, 3, kLocal}, {1, 0, kGlobal},   {3, 5, kGlobal}};

// A code of few digits is soon found in a texture: more lines must agree on it.
constexpr int kLines = 4;
constexpr int kLinesOfShort = 10;

cv::Mat gray_of(const Image& image, const CodeOptions& options) {
    cv::Mat gray;
    cv::cvtColor(as_matrix(image), gray, cv::COLOR_RGB2GRAY);
    while (gray.total() > static_cast<std::size_t>(options.most_pixels))
        cv::resize(gray, gray, {}, 0.5, 0.5, cv::INTER_AREA);
    return gray;
}

void sharpen(cv::Mat& gray, const Look& look) {
    if (look.sharpen == 0) return;
    cv::Mat blurred;
    cv::GaussianBlur(gray, blurred, {}, look.scale);
    cv::addWeighted(gray, 1 + look.sharpen, blurred, -look.sharpen, 0, gray);
}

using Found = std::set<std::pair<std::string, std::string>>;  // type and text

/// One code and its middle, as ReadBarcodes() of ZXing-C++ 1.4 stops the program at an assertion
/// where a picture shows the same code twice.
std::optional<cv::Point2d> read_one(const cv::Mat& gray, const Look& look,
                                    ZXing::BarcodeFormats formats, bool turn, int lines,
                                    Found& found) {
    const auto hints = ZXing::DecodeHints()
                           .setFormats(formats)
                           .setBinarizer(look.binarizer)
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

std::optional<cv::Point2d> read_bars(const cv::Mat& gray, const Look& look, bool turn,
                                     Found& found) {
    const auto middle = read_one(gray, look, Format::EAN13 | Format::UPCA, turn, kLines, found);
    if (middle) return middle;
    return read_one(gray, look, Format::EAN8 | Format::UPCE, turn, kLinesOfShort, found);
}

/// Returns the middle of the bars that were read, if any were.
std::optional<cv::Point2d> read_whole(const cv::Mat& gray, const CodeOptions& options,
                                      Found& found) {
    for (const auto& look : kWhole) {
        if (look.scale > 1 && std::max(gray.cols, gray.rows) >= options.enlarge_below) continue;
        cv::Mat seen = gray;
        if (look.scale != 1) cv::resize(gray, seen, {}, look.scale, look.scale, cv::INTER_CUBIC);
        read_one(seen, look, Format::QRCode, true, kLines, found);
        read_one(seen, look, Format::DataMatrix, true, kLines, found);
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
    for (const auto& look : kPatch) {
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

std::string code_settings(const CodeOptions& options) {
    std::string looks;
    for (const auto& look : kPatch)
        looks += fmt::format(" {}/{}/{}", look.scale, look.sharpen,
                             look.binarizer == kLocal ? "local" : "global");
    return fmt::format(
        "version 1; at most {} pixels, 2x below {}, {} patches of {} pixels; lines {}, short {}; "
        "patches{}",
        options.most_pixels, options.enlarge_below, options.most_patches, options.most_patch_pixels,
        kLines, kLinesOfShort, looks);
}

std::string upc_a_of(const std::string& digits) {
    if (digits.size() != 8 || digits.find_first_not_of("0123456789") != std::string::npos)
        return digits;
    const auto body = digits.substr(1, 6);
    const auto last = body[5];
    std::string middle;
    if (last <= '2') {
        middle = body.substr(0, 2) + last + "0000" + body.substr(2, 3);
    } else if (last == '3') {
        middle = body.substr(0, 3) + "00000" + body.substr(3, 2);
    } else if (last == '4') {
        middle = body.substr(0, 4) + "00000" + body[4];
    } else {
        middle = body.substr(0, 5) + "0000" + last;
    }
    return digits.front() + middle + digits.back();
}

}  // namespace pmatch
