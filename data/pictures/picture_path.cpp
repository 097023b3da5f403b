#include "data/pictures/picture_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/text/utf8.hpp"
#include "data/pictures/tar_archive.hpp"

namespace pmatch {

namespace {

namespace fs = std::filesystem;

/// scheme "://" as in RFC 3986, or a data: URL.
bool is_url(std::string_view text) {
    if (text.starts_with("data:image/")) return true;
    const std::size_t end = text.find("://");
    if (end == std::string_view::npos || end == 0) return false;
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
    });
}

bool is_below(const fs::path& file, const fs::path& root) {
    return std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
}

}  // namespace

std::variant<fs::path, Problem> resolve_picture(std::string_view written, const fs::path& root,
                                                bool confine) {
    if (is_url(written)) {
        return Problem{"is_a_url",
                       fmt::format("'{}' is a URL; pmatch reads files", utf8::printable(written))};
    }
    if (written.find('\0') != std::string_view::npos) {
        return Problem{"missing", "the path holds a NUL byte"};
    }
    const fs::path path = root / fs::path(written);
    if (!confine) return path;
    std::error_code error;
    const fs::path real_root = fs::canonical(root.empty() ? fs::path(".") : root, error);
    const fs::path real = error ? fs::path{} : fs::weakly_canonical(path, error);
    if (error) {
        return Problem{is_missing(error) ? "missing" : "unreadable",
                       path.string() + ": " + error.message()};
    }
    if (!is_below(real, real_root)) {
        return Problem{"outside_image_root",
                       fmt::format("'{}' leads to {}, outside {}", utf8::printable(written),
                                   real.string(), real_root.string())};
    }
    if (!picture_exists(real)) return Problem{"missing", path.string() + " is not there"};
    return real;  // so that the checked file is the one read
}

}  // namespace pmatch
