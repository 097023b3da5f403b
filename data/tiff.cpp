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

}  // namespace

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
