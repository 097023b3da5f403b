#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "core/text/ascii.hpp"
#include "core/text/utf8.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

using namespace std::string_view_literals;

constexpr bool is_pnm(std::string_view file) {
    return file.size() > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6' &&
           " \t\r\n\v\f#"sv.find(file[2]) != std::string_view::npos;
}

constexpr std::string_view kJpegStart = "\xFF\xD8\xFF"sv;

/// An ISO base media file: MP4, QuickTime, AVIF, HEIC.
bool is_container(std::string_view file) {
    return file.size() >= 16 && file.substr(4, 4) == "ftyp";
}

/// Whether one of the container's brands, the main one or a compatible one, is among these.
bool has_brand(std::string_view file, std::span<const std::string_view> brands) {
    if (!is_container(file)) return false;
    std::size_t size = 0;  // of the box, big-endian
    for (std::size_t i = 0; i < 4; ++i)
        size = size << 8U | static_cast<unsigned char>(file[i]);
    const auto box = file.substr(0, size);
    for (std::size_t at = 8; at + 4 <= box.size(); at += 4) {
        const bool is_version = at == 12;  // a number between the main brand and the others
        if (!is_version &&
            std::find(brands.begin(), brands.end(), box.substr(at, 4)) != brands.end())
            return true;
    }
    return false;
}

bool is_avif(std::string_view file) {
    static constexpr std::array kBrands{"avif"sv, "avis"sv};
    return has_brand(file, kBrands);
}

bool is_heic(std::string_view file) {
    static constexpr std::array kBrands{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv,
                                        "hevx"sv, "hevm"sv, "hevs"sv, "mif1"sv, "msf1"sv};
    return !is_avif(file) && has_brand(file, kBrands);
}

bool is_jpeg2000(std::string_view file) {
    return file.starts_with("\0\0\0\x0CjP  \r\n\x87\n"sv) || file.starts_with("\xFF\x4F\xFF\x51"sv);
}

constexpr std::array kFormats{
    PictureFormat{"JPEG",
                  [](std::string_view file) { return file.starts_with(kJpegStart); },
                  decode_jpeg,
                  {".jpg", ".jpeg", ".jpe", ".jfif"}},
    PictureFormat{"PNG",
                  [](std::string_view file) { return file.starts_with("\x89PNG\r\n\x1A\n"sv); },
                  decode_png,
                  {".png"}},
    PictureFormat{"WebP",
                  [](std::string_view file) {
                      return file.starts_with("RIFF"sv) && file.substr(0, 12).ends_with("WEBP"sv);
                  },
                  decode_webp,
                  {".webp"}},
    PictureFormat{"BMP",
                  [](std::string_view file) { return file.starts_with("BM"sv); },
                  decode_bmp,
                  {".bmp"}},
    PictureFormat{"TIFF",
                  [](std::string_view file) {
                      return file.starts_with("II*\0"sv) || file.starts_with("MM\0*"sv) ||
                             is_big_tiff(file);
                  },
                  decode_tiff,
                  {".tif", ".tiff"}},
    PictureFormat{"PNM", is_pnm, decode_pnm, {".ppm", ".pgm", ".pnm", ".pbm"}},
#ifdef PMATCH_WITH_GIF
    PictureFormat{"GIF",
                  [](std::string_view file) { return file.starts_with("GIF8"sv); },
                  decode_gif,
                  {".gif"}},
#endif
#ifdef PMATCH_WITH_AVIF
    PictureFormat{"AVIF", is_avif, decode_avif, {".avif", ".avifs"}},
#endif
#ifdef PMATCH_WITH_HEIC
    PictureFormat{"HEIC", is_heic, decode_heic, {".heic", ".heif", ".hif"}},
#endif
#ifdef PMATCH_WITH_JPEG2000
    PictureFormat{"JPEG 2000", is_jpeg2000, decode_jpeg2000, {".jp2", ".j2k", ".jpx", ".jpf"}},
#endif
};

/// By the first bytes; empty for data of unknown kind.
std::string_view foreign_name(std::string_view file) {
    struct Magic {
        std::string_view start;
        std::string_view name;
    };
    static constexpr std::array<Magic, 9> kMagics{{
        {"GIF8"sv, "a GIF picture"},
        {"\xFF\x0A"sv, "a JPEG XL picture"},
        {"\0\0\0\x0CJXL "sv, "a JPEG XL picture"},
        {"\0\0\x01\0"sv, "an ICO icon"},
        {"8BPS"sv, "a Photoshop file"},
        {"%PDF"sv, "a PDF file"},
        {"PK\x03\x04"sv, "a ZIP archive"},
        {"\x1F\x8B"sv, "a gzip file"},
        {"P7\n"sv, "a PAM picture"},
    }};
    for (const Magic& magic : kMagics) {
        if (file.starts_with(magic.start)) return magic.name;
    }
    return is_jpeg2000(file) ? "a JPEG 2000 picture"sv : std::string_view();
}

std::string describe_container(std::string_view file) {
    if (is_avif(file)) return "an AVIF picture";
    if (is_heic(file)) return "a HEIC picture";
    return "an MP4 or QuickTime file";
}

std::string describe_text(std::string_view text) {
    auto head = ascii::lowercase(text.substr(0, 1024));
    if (head.find("<svg") != std::string::npos) return "an SVG drawing";
    if (head.find("<html") != std::string::npos || head.find("<!doctype html") != std::string::npos)
        return "an HTML page";
    if (head.starts_with("<?xml")) return "an XML file";
    if (head.starts_with("version https://git-lfs")) return "a Git LFS pointer, not the file";
    // A character cut at the end does not make text binary.
    for (int cut = 0; cut < 4 && !head.empty(); ++cut, head.pop_back()) {
        if (utf8::is_clean(head)) return "a text file";
    }
    return {};
}

}  // namespace

bool is_big_tiff(std::string_view file) {
    return file.starts_with("II+\0"sv) || file.starts_with("MM\0+"sv);
}

std::optional<std::size_t> find_jpeg(std::string_view file) {
    constexpr std::size_t kMostStrayBytes = 64;  // blank lines and marks of a script's output
    const auto at = file.substr(0, kMostStrayBytes + kJpegStart.size()).find(kJpegStart);
    if (at == std::string_view::npos) return std::nullopt;
    return at;
}

const PictureFormat* sniff_format(Bytes bytes) {
    const auto text = as_text(bytes);
    for (const auto& format : kFormats) {
        if (format.begins_so(text)) return &format;
    }
    const bool unknown = foreign_name(text).empty() && !is_container(text);
    return unknown && find_jpeg(text) ? &kFormats.front() : nullptr;
}

bool is_picture_extension(std::string_view extension) {
    return !extension.empty() &&
           std::any_of(kFormats.begin(), kFormats.end(), [&](const PictureFormat& format) {
               const auto& all = format.extensions;
               return std::find(all.begin(), all.end(), extension) != all.end();
           });
}

std::string formats_read() {
    std::string names;
    for (const auto& format : kFormats) {
        const bool last = &format == &kFormats.back();
        if (!names.empty()) names += last ? " and " : ", ";
        names += format.name;
    }
    return names + " are read";
}

std::string describe_foreign(Bytes bytes) {
    if (bytes.empty()) return "an empty file";
    const std::string_view text = as_text(bytes);
    if (const auto name = foreign_name(text); !name.empty()) return std::string(name);
    if (is_container(text)) return describe_container(text);
    std::string described = describe_text(text);
    if (!described.empty()) return described;
    return fmt::format("unknown data that starts with '{}'", utf8::printable(text.substr(0, 8)));
}

std::optional<Problem> check_memory(std::uint64_t width, std::uint64_t height,
                                    std::uint64_t bytes_per_pixel) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;
    const auto most = kMostBytes / bytes_per_pixel;
    if (width <= most / height) return std::nullopt;
    return Problem{
        "too_many_pixels",
        fmt::format("{} x {} pixels, at most {} of this kind are decoded", width, height, most)};
}

std::optional<Problem> check_size(std::uint64_t width, std::uint64_t height,
                                  std::uint64_t max_pixels) {
    if (width == 0 || height == 0) {
        return Problem{"corrupt", fmt::format("the header says {} x {} pixels", width, height)};
    }
    if (width <= max_pixels / height) return std::nullopt;
    return Problem{"too_many_pixels", fmt::format("{} x {} pixels, at most {} are decoded", width,
                                                  height, max_pixels)};
}

}  // namespace pmatch::detail
