#include "data/pictures/picture_finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "core/text/utf8.hpp"
#include "data/pictures/picture_path.hpp"
#include "data/pictures/tar_archive.hpp"
#include "data/pictures/written_path.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
    return picture_exists(path);
}

/// As opposed to damage or missing permissions.
bool is_absent(const fs::path& path) {
    std::error_code error;
    return !fs::exists(path, error) && !error && !find_in_archive(path);
}

/// Whether every part is a name: a walk through directories stays below where it starts.
bool goes_down(const fs::path& path) {
    return path.is_relative() && std::none_of(path.begin(), path.end(),
                                              [](const fs::path& part) { return part == ".."; });
}

}  // namespace

PictureFinder::PictureFinder(fs::path root, bool confine)
    : root_(std::move(root)), confine_(confine) {}

std::vector<std::string> PictureFinder::separated(std::vector<std::string> written) const {
    std::vector<std::string> all;
    for (auto& one : written) {
        auto parts = parts_of_list(one);
        if (parts.size() == 1 || existing(one)) {
            all.push_back(std::move(one));
        } else {
            std::move(parts.begin(), parts.end(), std::back_inserter(all));
        }
    }
    return all;
}

std::optional<fs::path> PictureFinder::existing(const std::string& spelling) const {
    auto resolved = resolve_picture(spelling, root_, confine_);
    auto* path = std::get_if<fs::path>(&resolved);
    if (path == nullptr || !is_there(*path)) return std::nullopt;
    return std::move(*path);
}

std::variant<fs::path, Problem> PictureFinder::find(const std::string& written) const {
    auto resolved = resolve_picture(written, root_, confine_);
    auto* problem = std::get_if<Problem>(&resolved);
    if (problem == nullptr && !is_absent(std::get<fs::path>(resolved))) return resolved;
    const bool may_be_elsewhere =
        problem == nullptr || problem->code == "missing" || problem->code == "outside_image_root";
    if (!may_be_elsewhere) return resolved;
    const auto spellings = other_spellings(written);
    for (const auto& spelling : spellings) {
        if (auto path = existing(spelling)) return std::move(*path);
    }
    if (const auto form = in_other_form(written)) {
        if (auto path = existing(*form)) return std::move(*path);
    }
    for (const auto& spelling : spellings) {
        const auto form = in_other_form(spelling);
        if (!form) continue;
        if (auto path = existing(*form)) return std::move(*path);
    }
    const auto& likeliest = spellings.empty() ? written : spellings.back();
    const auto hint = suggestion(likeliest);
    if (problem != nullptr) return Problem{problem->code, problem->detail + hint};
    return Problem{"missing",
                   fmt::format("{} is not there{}", std::get<fs::path>(resolved).string(), hint)};
}

bool PictureFinder::may_list(const fs::path& directory) const {
    if (!confine_) return true;
    std::error_code error;
    const auto below =
        fs::relative(fs::canonical(directory, error), fs::canonical(root_, error), error);
    return !error && goes_down(below);
}

/// The spelling with the names that are there, if they differ in their Unicode form alone.
std::optional<std::string> PictureFinder::in_other_form(const std::string& spelling) const {
    const fs::path wanted(spelling);
    if (!goes_down(wanted)) return std::nullopt;
    fs::path found;
    for (const auto& part : wanted) {
        const auto directory = root_ / found;
        auto name = part.string();
        if (!is_there(directory / part)) {
            if (!may_list(directory)) return std::nullopt;
            name = names_.alike(directory.empty() ? "." : directory, name).same;
            if (name.empty()) return std::nullopt;
        }
        found /= name;
    }
    return found.string();
}

/// "; 'x' is: did you mean it?" with the first name that is alike, or "".
std::string PictureFinder::suggestion(const std::string& spelling) const {
    const fs::path wanted(spelling);
    if (!goes_down(wanted)) return {};
    fs::path found;
    for (const auto& part : wanted) {
        const auto directory = root_ / found;
        auto name = part.string();
        if (!is_there(directory / part)) {
            if (!may_list(directory)) return {};
            const auto alike = names_.alike(directory.empty() ? "." : directory, name);
            name = !alike.same.empty()         ? alike.same
                   : !alike.other_case.empty() ? alike.other_case
                                               : alike.other_extension;
            if (name.empty()) break;
        }
        found /= name;
    }
    const bool whole =
        std::distance(found.begin(), found.end()) == std::distance(wanted.begin(), wanted.end());
    if (whole && found != wanted)
        return fmt::format("; did you mean '{}'?", utf8::printable(found.string()));
    if (!whole && is_there(root_ / wanted.filename()) && wanted.has_parent_path())
        return fmt::format("; did you mean '{}'?", utf8::printable(wanted.filename().string()));
    return {};
}

}  // namespace pmatch
