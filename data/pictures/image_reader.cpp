#include "data/pictures/image_reader.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <utility>

#include "core/common/input_failure.hpp"
#include "core/threads/cpu_slots.hpp"
#include "data/decoders/exif.hpp"
#include "data/decoders/picture_decoders.hpp"
#include "data/pictures/picture_file.hpp"

namespace pmatch {

namespace {

/// Rounded exactly.
std::uint8_t divide_by_255(unsigned value) {
    return static_cast<std::uint8_t>((value + 128U + ((value + 128U) >> 8U)) >> 8U);
}

/// In the memory of the pixels: a large picture is not held twice.
Image on_white(detail::Pixels pixels) {
    Image image{pixels.width, pixels.height, std::move(pixels.values), std::move(pixels.profile)};
    if (pixels.channels == 3) return image;
    const std::size_t count = image.rgb.size() / 4;
    const std::uint8_t* from = image.rgb.data();
    std::uint8_t* to = image.rgb.data();  // never ahead of `from`
    for (std::size_t i = 0; i < count; ++i, from += 4, to += 3) {
        const unsigned alpha = from[3];
        for (std::size_t channel = 0; channel < 3; ++channel)
            to[channel] = divide_by_255(from[channel] * alpha + 255U * (255U - alpha));
    }
    image.rgb.resize(3 * count);
    return image;
}

detail::Decoded decode(std::span<const std::uint8_t> bytes, std::uint64_t max_pixels) {
    if (const auto* const format = detail::sniff_format(bytes))
        return format->decode(bytes, max_pixels);
    return Problem{"unsupported_format",
                   fmt::format("{}; {}", detail::describe_foreign(bytes), detail::formats_read())};
}

}  // namespace

FilePictureReader::FilePictureReader(const PictureLimits& limits) : limits_(limits) {}

std::variant<std::vector<std::uint8_t>, Problem> read_picture_bytes(
    const std::filesystem::path& file, std::uint64_t max_bytes) {
    auto opened = PictureFile::open(file);
    if (auto* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
    auto& picture = std::get<PictureFile>(opened);
    if (picture.size() > max_bytes) {
        return Problem{"too_large", fmt::format("{} has {} bytes, at most {} are read",
                                                file.string(), picture.size(), max_bytes)};
    }
    std::vector<std::uint8_t> bytes(picture.size());
    auto read = picture.read(bytes);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    bytes.resize(std::get<std::size_t>(read));
    return bytes;
}

std::variant<Image, Problem> decode_picture(std::span<const std::uint8_t> bytes,
                                            std::uint64_t max_pixels) {
    try {
        detail::Decoded decoded = decode(bytes, max_pixels);
        if (auto* problem = std::get_if<Problem>(&decoded)) return std::move(*problem);
        auto& pixels = std::get<detail::Pixels>(decoded);
        const int orientation = pixels.orientation;
        return upright(on_white(std::move(pixels)), orientation);
    } catch (...) {
        return problem_of_input("unreadable");
    }
}

std::variant<Image, Problem> FilePictureReader::read(const std::filesystem::path& file,
                                                     const std::optional<Hash128>& expected) const {
    auto read = read_picture_bytes(file, limits_.max_bytes);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    const auto& bytes = std::get<std::vector<std::uint8_t>>(read);
    const CpuSlots slot;  // acquired only after reading
    if (expected) {
        const Hash128 found = hash128(std::as_bytes(std::span(bytes)));
        if (found != *expected) {
            return Problem{"content_changed",
                           fmt::format("{} is not the file that was ingested (hash {}, was {})",
                                       file.string(), found.hex(), expected->hex())};
        }
    }
    try {
        return decode_picture(bytes, limits_.max_pixels);
    } catch (const std::bad_alloc&) {
        throw SystemError{"not enough memory to decode the picture", file.string(),
                          "use fewer --threads, or a machine with more memory"};
    }
}

}  // namespace pmatch
