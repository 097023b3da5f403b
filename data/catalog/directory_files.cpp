#include "data/catalog/directory_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "core/text/utf8.hpp"
#include "data/decoders/picture_decoders.hpp"
#include "data/formats/input_file.hpp"
#include "data/pictures/picture_file.hpp"
#include "data/pictures/picture_path.hpp"

namespace pmatch::detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTextExtension = ".txt";

/// "._cup.jpg" beside "cup.jpg" holds what other file systems have no place for.
bool is_companion(const fs::path& file) {
    return file.filename().string().starts_with("._");
}

/// A few formats begin with letters that a text may begin with, too.
bool is_text(std::string_view head) {
    // The last character may be cut off.
    for (std::size_t cut = 0; cut < 4 && cut < head.size(); ++cut) {
        if (utf8::is_clean(head.substr(0, head.size() - cut))) return true;
    }
    return head.empty();
}

bool has_picture_content(const fs::path& directory, const fs::path& relative) {
    const auto resolved = resolve_picture(relative.string(), directory, /*confine=*/true);
    const auto* path = std::get_if<fs::path>(&resolved);
    if (path == nullptr) return false;
    auto opened = PictureFile::open(*path);
    auto* file = std::get_if<PictureFile>(&opened);
    if (file == nullptr) return false;
    std::array<std::uint8_t, 512> buffer{};
    const auto read = file->read(buffer);
    const auto* size = std::get_if<std::size_t>(&read);
    if (size == nullptr) return false;
    const std::span<const std::uint8_t> bytes(buffer.data(), *size);
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return !is_text(head) && sniff_format(bytes) != nullptr;
}

}  // namespace

FileKind kind_of_file(const fs::path& directory, const fs::path& relative) {
    if (is_companion(relative)) return FileKind::kOther;
    const auto extension = lower_extension(relative);
    if (is_picture_extension(extension)) return FileKind::kNamedPicture;
    if (extension == kTextExtension || !has_picture_content(directory, relative))
        return FileKind::kOther;
    return FileKind::kUnnamedPicture;
}

void LeftOutFiles::add(const fs::path& file) {
    if (is_companion(file)) {
        ++companions_;
    } else {
        ++by_kind_[lower_extension(file)];
    }
}

void LeftOutFiles::forget_text() {
    const auto texts = by_kind_.find(kTextExtension);
    if (texts != by_kind_.end() && --texts->second == 0) by_kind_.erase(texts);
}

std::vector<std::string> LeftOutFiles::remarks() const {
    constexpr std::size_t kMostNamed = 6;
    std::vector<std::string> remarks;
    std::vector<std::pair<std::size_t, std::string>> kinds;
    for (const auto& [extension, count] : by_kind_)
        kinds.emplace_back(count, extension);
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string names;
    for (const auto& [count, extension] :
         std::span(kinds).first(std::min(kMostNamed, kinds.size())))
        names += fmt::format("{}{} {}", names.empty() ? "" : ", ",
                             extension.empty() ? "without extension" : utf8::printable(extension),
                             count);
    const auto all = std::accumulate(kinds.begin(), kinds.end(), std::size_t{0},
                                     [](auto sum, const auto& kind) { return sum + kind.first; });
    if (all > 0) {
        remarks.push_back(fmt::format("left out: {} files that are no pictures ({}{})", all, names,
                                      kinds.size() > kMostNamed ? ", …" : ""));
    }
    if (companions_ > 0)
        remarks.push_back(fmt::format("left out: {} companions of macOS (._*)", companions_));
    return remarks;
}

}  // namespace pmatch::detail
