#include "cli/serve/requests/uploaded_picture.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"
#include "core/text/ascii.hpp"
#include "core/threads/cpu_slots.hpp"
#include "data/pictures/png_writer.hpp"

namespace pmatch::cli {
namespace {

constexpr std::string_view kFolder = "/proc/self/fd/";

[[noreturn]] void fail_for_system() {
    throw SystemError{fmt::format("the system refuses a file in memory: {}", system_reason(errno)),
                      {},
                      "give the server more memory or open files (ulimit -a)"};
}

/// The box in whole pixels, at least one.
Image cut_out(const Image& image, const Crop& crop) {
    const auto range = [](double start, double length, int size) {
        const int first = std::clamp(static_cast<int>(std::lround(start * size)), 0, size - 1);
        const int last = static_cast<int>(std::lround((start + length) * size));
        return std::pair{first, std::clamp(last, first + 1, size)};
    };
    const auto [left, right] = range(crop.x, crop.width, image.width);
    const auto [top, bottom] = range(crop.y, crop.height, image.height);
    Image part{right - left, bottom - top, {}, image.profile};
    const auto stride = 3 * static_cast<std::ptrdiff_t>(image.width);
    for (int y = top; y < bottom; ++y) {
        const auto row = image.rgb.begin() + stride * y;
        part.rgb.insert(part.rgb.end(), row + std::ptrdiff_t{3} * left,
                        row + std::ptrdiff_t{3} * right);
    }
    return part;
}

std::vector<std::uint8_t> cropped(const std::string& picture, const Crop& crop,
                                  const PictureLimits& limits) {
    const CpuSlots slot;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(picture.data());
    auto decoded = decode_picture({bytes, picture.size()}, limits.max_pixels);
    if (const auto* problem = std::get_if<Problem>(&decoded))
        throw UsageError{
            fmt::format("the picture cannot be read: {}: {}", problem->code, problem->detail),
            "send a whole picture file, such as JPEG, PNG or WebP"};
    auto png = encode_png(cut_out(std::get<Image>(decoded), crop));
    if (png.empty())
        throw SystemError{"there is no memory to crop the picture", {}, "send a smaller picture"};
    return png;
}

}  // namespace

UploadedPicture::UploadedPicture(std::string_view bytes)
    : descriptor_(::memfd_create("upload", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail_for_system();
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            ::close(descriptor_);
            fail_for_system();
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

UploadedPicture::UploadedPicture(UploadedPicture&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

UploadedPicture::~UploadedPicture() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::filesystem::path UploadedPicture::path() const {
    return fmt::format("{}{}", kFolder, descriptor_);
}

UploadedPicture upload(const SearchPart& part, const PictureLimits& limits) {
    if (!part.crop) return UploadedPicture(part.picture);
    const auto png = cropped(part.picture, *part.crop, limits);
    return UploadedPicture({reinterpret_cast<const char*>(png.data()), png.size()});
}

std::string without_paths(std::string detail) {
    for (auto at = detail.find(kFolder); at != std::string::npos; at = detail.find(kFolder, at)) {
        auto end = at + kFolder.size();
        while (end < detail.size() && ascii::is_digit(detail[end]))
            ++end;
        detail.replace(at, end - at, "the picture");
    }
    return detail;
}

}  // namespace pmatch::cli
