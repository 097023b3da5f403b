#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text/utf8.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

using namespace std::string_view_literals;

constexpr bool is_pnm(std::string_view file) {
    return file.size() > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6' &&
           " \t\r\n\v\f#"sv.find(file[2]) != std::string_view::npos;
}

constexpr std::array kFormats{
    PictureFormat{"JPEG",
                  [](std::string_view file) { return file.starts_with("\xFF\xD8\xFF"sv); },
                  decode_jpeg,
                  {".jpg", ".jpeg"}},
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
                      return file.starts_with("II*\0"sv) || file.starts_with("MM\0*"sv);
                  },
                  decode_tiff,
                  {".tif", ".tiff"}},
    PictureFormat{"PNM", is_pnm, decode_pnm, {".ppm", ".pgm", ".pnm"}},
};

std::string describe_container(std::string_view brand) {
    if (brand.starts_with("avi")) return "an AVIF picture";
    if (brand.starts_with("he") || brand == "mif1" || brand == "msf1") return "a HEIC picture";
    return "an MP4 or QuickTime file";
}

std::string describe_text(std::string_view text) {
    std::string head(text.substr(0, 1024));
    std::transform(head.begin(), head.end(), head.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
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

const PictureFormat* sniff_format(Bytes bytes) {
    const auto text = as_text(bytes);
    for (const auto& format : kFormats) {
        if (format.begins_so(text)) return &format;
    }
    return nullptr;
}

bool is_picture_extension(std::string_view extension) {
    return !extension.empty() &&
           std::any_of(kFormats.begin(), kFormats.end(), [&](const PictureFormat& format) {
               const auto& all = format.extensions;
               return std::find(all.begin(), all.end(), extension) != all.end();
           });
}

std::string picture_format_names() {
    std::string names;
    for (const auto& format : kFormats) {
        const bool last = &format == &kFormats.back();
        if (!names.empty()) names += last ? " and " : ", ";
        names += format.name;
    }
    return names;
}

std::string describe_foreign(Bytes bytes) {
    struct Magic {
        std::string_view start;
        std::string_view name;
    };
    static constexpr std::array<Magic, 13> kMagics{{
        {"GIF8"sv, "a GIF picture"},
        {"\xFF\x0A"sv, "a JPEG XL picture"},
        {"\0\0\0\x0CJXL "sv, "a JPEG XL picture"},
        {"\0\0\0\x0CjP  "sv, "a JPEG 2000 picture"},
        {"\xFF\x4F\xFF\x51"sv, "a JPEG 2000 picture"},
        {"\0\0\x01\0"sv, "an ICO icon"},
        {"8BPS"sv, "a Photoshop file"},
        {"%PDF"sv, "a PDF file"},
        {"PK\x03\x04"sv, "a ZIP archive"},
        {"\x1F\x8B"sv, "a gzip file"},
        {"II+\0"sv, "a BigTIFF picture"},
        {"MM\0+"sv, "a BigTIFF picture"},
        {"P7\n"sv, "a PAM picture"},
    }};
    if (bytes.empty()) return "an empty file";
    const std::string_view text = as_text(bytes);
    for (const Magic& magic : kMagics) {
        if (text.starts_with(magic.start)) return std::string(magic.name);
    }
    if (text.size() >= 12 && text.substr(4, 4) == "ftyp") {
        return describe_container(text.substr(8, 4));
    }
    std::string described = describe_text(text);
    if (!described.empty()) return described;
    return fmt::format("unknown data that starts with '{}'", utf8::printable(text.substr(0, 8)));
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
