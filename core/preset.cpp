#include "core/preset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace pmatch {
namespace {

/// The space called `source`, else the only one made from it.
std::optional<ListName> space_of(const std::vector<SpaceSummary>& lists,
                                 const std::string& source) {
    std::vector<std::string> found;
    for (const auto& list : lists) {
        if (!list.analyser.empty() || list.source != source) continue;
        if (list.name == source) return ListName{source};
        found.push_back(list.name);
    }
    if (found.size() == 1) return ListName{found.front()};
    return std::nullopt;
}

std::optional<ListName> lexical_of(const std::vector<SpaceSummary>& lists) {
    const auto is_text = [](const SpaceSummary& list) { return list.source == "text"; };
    const auto of_words = [](const SpaceSummary& list) { return list.analyser == "words"; };
    const SpaceSummary* best = nullptr;
    bool sources_differ = false;
    for (const auto& list : lists) {
        if (list.analyser.empty()) continue;
        if (best == nullptr) {
            best = &list;
            continue;
        }
        sources_differ = sources_differ || list.source != best->source;
        const bool same = is_text(list) == is_text(*best);
        if (same ? of_words(*best) && !of_words(list) : is_text(list)) best = &list;
    }
    if (best == nullptr || (sources_differ && !is_text(*best))) return std::nullopt;
    return ListName{best->name, true};
}

[[noreturn]] void fail(const std::string& preset, const std::vector<SpaceSummary>& lists) {
    std::vector<std::string> names;
    names.reserve(lists.size());
    for (const auto& list : lists)
        names.push_back(list.name);
    if (preset == "lexical" && !std::any_of(lists.begin(), lists.end(), [](const auto& list) {
            return !list.analyser.empty();
        })) {
        throw UsageError{"the collection has no lexical index",
                         "make one: `pmatch build-index COLLECTION --layout bm25`"};
    }
    if (names.empty()) {
        throw UsageError{"the collection has no vectors to search",
                         "make some: `pmatch embed COLLECTION --model PACKAGE`, then `pmatch "
                         "build-index COLLECTION`"};
    }
    throw UsageError{fmt::format("preset '{}' finds nothing to search in this collection", preset),
                     fmt::format("use --preset auto, image, text, lexical or the name of a space "
                                 "or lexical index; those here are: {}",
                                 fmt::join(names, ", "))};
}

}  // namespace

Preset::Preset(std::string name, const std::vector<SpaceSummary>& lists) : name_(std::move(name)) {
    if (name_ == "auto" || name_ == "image") for_picture_ = space_of(lists, "image");
    if (name_ == "auto" || name_ == "text") for_text_ = space_of(lists, "text");
    if (name_ == "lexical" || (name_ == "auto" && !for_text_)) for_text_ = lexical_of(lists);
    if (name_ != "auto" && name_ != "image" && name_ != "text" && name_ != "lexical") {
        const auto list = std::find_if(lists.begin(), lists.end(),
                                       [&](const auto& other) { return other.name == name_; });
        if (list == lists.end()) fail(name_, lists);
        const bool lexical = !list->analyser.empty();
        (list->source == "image" && !lexical ? for_picture_ : for_text_) =
            ListName{list->name, lexical};
    }
    if (!for_picture_ && !for_text_) fail(name_, lists);
}

std::optional<ListName> Preset::list_for(const QueryParts& parts) const {
    if (parts.picture && for_picture_) return for_picture_;
    if (parts.text && for_text_) return for_text_;
    return std::nullopt;
}

}  // namespace pmatch
