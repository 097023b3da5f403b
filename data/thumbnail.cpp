#include "data/thumbnail.hpp"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "data/image_reader.hpp"

namespace pmatch {
namespace {

constexpr int kQuality = 80;

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto have = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = 0;
        for (std::size_t j = 0; j < 3; ++j)
            word = (word << 8U) | (j < have ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= have ? kDigits[(word >> (18U - 6U * j)) & 63U] : '=';
    }
    return text;
}

}  // namespace

std::string thumbnail_uri(const std::filesystem::path& picture, int side) {
    const auto read = OpenCvPictureReader().read(picture, std::nullopt);
    const auto* image = std::get_if<Image>(&read);
    if (image == nullptr) return {};
    try {
        const cv::Mat whole(image->height, image->width, CV_8UC3,
                            const_cast<std::uint8_t*>(image->rgb.data()));
        const double scale =
            std::min(1.0, static_cast<double>(side) / std::max(image->width, image->height));
        const cv::Size size(std::max(1, static_cast<int>(image->width * scale)),
                            std::max(1, static_cast<int>(image->height * scale)));
        cv::Mat small;
        cv::resize(whole, small, size, 0, 0, cv::INTER_AREA);
        cv::cvtColor(small, small, cv::COLOR_RGB2BGR);
        std::vector<std::uint8_t> jpeg;
        cv::imencode(".jpg", small, jpeg, {cv::IMWRITE_JPEG_QUALITY, kQuality});
        return "data:image/jpeg;base64," + base64(jpeg);
    } catch (const cv::Exception&) {
        return {};  // a page without one picture is still a page
    }
}

}  // namespace pmatch
