#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <streambuf>
#include <vector>

#include "data/exif.hpp"
#include "data/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

thread_local bool is_quiet = false;

/// OpenCV reports a file it cannot decode on std::cerr, with no way to turn that off. This
/// stands before the real buffer and drops what a thread writes while it decodes.
class QuietBuffer : public std::streambuf {
public:
    explicit QuietBuffer(std::streambuf* real) : real_(real) {}

protected:
    int_type overflow(int_type byte) override {
        if (is_quiet || byte == traits_type::eof()) return traits_type::not_eof(byte);
        return real_->sputc(traits_type::to_char_type(byte));
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        return is_quiet ? size : real_->sputn(text, size);
    }
    int sync() override { return is_quiet ? 0 : real_->pubsync(); }

private:
    std::streambuf* real_;
};

void silence_opencv() {
    static std::once_flag once;
    std::call_once(once, [] {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
        // Never freed: cerr is written to until the very end of the process.
        auto* const quiet_buffer = new QuietBuffer(std::cerr.rdbuf());
        std::cerr.rdbuf(quiet_buffer);
    });
}

class Quiet {
public:
    Quiet() {
        silence_opencv();
        is_quiet = true;
    }
    ~Quiet() { is_quiet = false; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
};

/// Empty when OpenCV could not decode it.
cv::Mat decode_quietly(Bytes bytes, int flags) {
    const Quiet quiet;
    try {
        const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8U,
                            const_cast<std::uint8_t*>(bytes.data()));
        return cv::imdecode(input, flags);
    } catch (const cv::Exception&) {
        return {};
    }
}

Decoded from_mat(cv::Mat mat, const char* format) {
    if (mat.empty()) {
        return Problem{"corrupt", fmt::format("{}: damaged, cut off or of a kind that OpenCV "
                                              "does not decode",
                                              format)};
    }
    // The upper byte: minus almost a half makes OpenCV's rounding round down.
    if (mat.depth() == CV_16U) mat.convertTo(mat, CV_8U, 1.0 / 256.0, -0.499);
    if (mat.depth() != CV_8U || mat.channels() == 2 || mat.channels() > 4) {
        return Problem{"unsupported_format",
                       fmt::format("{} with {} channels of another kind than 8 or 16 bits", format,
                                   mat.channels())};
    }
    Pixels pixels{mat.cols, mat.rows, mat.channels() == 4 ? 4 : 3, {}, 1};
    pixels.values.resize(static_cast<std::size_t>(mat.rows) * static_cast<std::size_t>(mat.cols) *
                         static_cast<std::size_t>(pixels.channels));
    cv::Mat target(mat.rows, mat.cols, CV_8UC(pixels.channels), pixels.values.data());
    cv::cvtColor(mat, target,
                 mat.channels() == 1   ? cv::COLOR_GRAY2RGB
                 : mat.channels() == 3 ? cv::COLOR_BGR2RGB
                                       : cv::COLOR_BGRA2RGBA);
    return pixels;
}

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    }
    return value;
}

/// 32-bit bitmaps have four bytes a pixel; the fourth means something only if a mask says so.
bool has_alpha_mask(Bytes bytes) {
    constexpr std::size_t kHeaderSize = 14;
    constexpr std::size_t kCompression = 30;
    constexpr std::size_t kAlphaMask = 66;
    return bytes.size() >= kAlphaMask + 4 && little_endian(bytes, kHeaderSize, 4) >= 56 &&
           little_endian(bytes, kCompression, 4) == 3 && little_endian(bytes, kAlphaMask, 4) != 0;
}

}  // namespace

Decoded decode_bmp(Bytes bytes, std::uint64_t max_pixels) {
    if (bytes.size() < 26) return Problem{"truncated", "BMP: the header is cut off"};
    const bool old = little_endian(bytes, 14, 4) == 12;  // OS/2: 16-bit sizes
    const std::uint32_t width = little_endian(bytes, 18, old ? 2 : 4);
    const auto signed_height = static_cast<std::int32_t>(little_endian(bytes, 22, 4));
    const std::uint64_t height =
        old ? little_endian(bytes, 20, 2)
            : static_cast<std::uint64_t>(std::abs(std::int64_t{signed_height}));
    if (width > 0x7FFFFFFF) return Problem{"corrupt", "BMP: the width is negative"};
    if (auto problem = check_size(width, height, max_pixels)) return *problem;
    const int flags = has_alpha_mask(bytes) ? cv::IMREAD_UNCHANGED : cv::IMREAD_COLOR;
    return from_mat(decode_quietly(bytes, flags), "BMP");
}

Decoded decode_tiff(Bytes bytes, std::uint64_t max_pixels) {
    const auto width = tiff_tag(bytes, kTiffWidth);
    const auto height = tiff_tag(bytes, kTiffHeight);
    if (!width || !height) {
        return Problem{"corrupt", "TIFF: the first directory has no width or height"};
    }
    if (auto problem = check_size(*width, *height, max_pixels)) return *problem;
    // OpenCV turns TIFF upright itself.
    return from_mat(decode_quietly(bytes, cv::IMREAD_UNCHANGED), "TIFF");
}

}  // namespace pmatch::detail
