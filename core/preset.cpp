#include "core/preset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace pmatch {
namespace {

/// The space called `source`, else the only one made from it.
std::optional<std::string> space_of(const std::vector<SpaceSummary>& spaces,
                                    const std::string& source) {
    std::vector<std::string> found;
    for (const auto& space : spaces) {
        if (space.source != source) continue;
        if (space.name == source) return source;
        found.push_back(space.name);
    }
    if (found.size() == 1) return found.front();
    return std::nullopt;
}

[[noreturn]] void fail(const std::string& preset, const std::vector<SpaceSummary>& spaces) {
    std::vector<std::string> names;
    for (const auto& space : spaces)
        names.push_back(space.name);
    if (names.empty()) {
        throw UsageError{"the collection has no vectors to search",
                         "make some: `pmatch embed COLLECTION --model PACKAGE`, then `pmatch "
                         "build-index COLLECTION`"};
    }
    throw UsageError{fmt::format("preset '{}' finds no space in this collection", preset),
                     fmt::format("use --preset auto, image, text or a space's name; the spaces "
                                 "here are: {}",
                                 fmt::join(names, ", "))};
}

}  // namespace

Preset::Preset(std::string name, std::vector<SpaceSummary> spaces) : name_(std::move(name)) {
    if (name_ == "auto" || name_ == "image") picture_space_ = space_of(spaces, "image");
    if (name_ == "auto" || name_ == "text") text_space_ = space_of(spaces, "text");
    if (name_ != "auto" && name_ != "image" && name_ != "text") {
        const auto space = std::find_if(spaces.begin(), spaces.end(),
                                        [&](const auto& s) { return s.name == name_; });
        if (space == spaces.end()) fail(name_, spaces);
        (space->source == "image" ? picture_space_ : text_space_) = space->name;
    }
    if (!picture_space_ && !text_space_) fail(name_, spaces);
}

std::optional<std::string> Preset::space_for(const QueryParts& parts) const {
    if (parts.picture && picture_space_) return picture_space_;
    if (parts.text && text_space_) return text_space_;
    return std::nullopt;
}

}  // namespace pmatch
