#include "cli/tune_start.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "cli/list_search.hpp"
#include "cli/list_summaries.hpp"
#include "core/error.hpp"

namespace pmatch::cli {
namespace {

void name_lists(ResolvedRecipe& resolved, const Manifest& manifest) {
    for (std::size_t i = 0; i < resolved.names.size(); ++i) {
        auto& list = resolved.recipe.lists[i];
        const auto& name = resolved.names[i];
        list.other_sources.clear();
        if (name.lexical) {
            list.analyser = manifest.lexical.at(name.name).analyser;
        } else {
            list.space = name.name;
        }
    }
}

}  // namespace

ResolvedRecipe start_recipe(const std::string& preset, const Collection& collection,
                            const std::vector<Query>& queries) {
    const auto& manifest = collection.manifest();
    const Preset all(preset, list_summaries(manifest, preset));
    std::set<const ResolvedRecipe*> used;
    for (const auto& query : queries) {
        if (!query.problem.code.empty()) continue;
        const auto* choice =
            all.choice_for([&](const ListSpec& list) { return has_input_for(list, query); });
        if (choice != nullptr) used.insert(choice);
    }
    if (used.empty()) {
        throw UsageError{
            fmt::format("preset {} compares nothing that the labelled queries have", preset),
            "give their columns with --text and --image, or another --preset"};
    }
    if (used.size() > 1) {
        std::vector<std::string> names;
        for (const auto* one : used)
            names.push_back(one->recipe.name);
        std::sort(names.begin(), names.end());
        throw UsageError{fmt::format("preset {} answers some of the labelled queries by {}", preset,
                                     fmt::join(names, ", others by ")),
                         fmt::format("begin with one recipe: --preset {}", names.front())};
    }
    auto resolved = **used.begin();
    if (!resolved.recipe.collapse.empty()) {
        throw UsageError{fmt::format("preset {} answers one item of each {}, which is not tuned",
                                     preset, resolved.recipe.collapse),
                         "leave \"collapse\" out of it, and add it to the preset that is chosen"};
    }
    name_lists(resolved, manifest);
    return resolved;
}

std::optional<ResolvedRecipe> matcher_recipe(const Collection& collection) {
    try {
        const Preset preset("matcher", list_summaries(collection.manifest(), "matcher"));
        auto resolved = preset.choices().front();
        name_lists(resolved, collection.manifest());
        return resolved;
    } catch (const UsageError&) {
        return std::nullopt;  // a collection of pictures
    }
}

ResolvedRecipe every_list(const Collection& collection) {
    constexpr const char* kAllLists = "multimodal";
    return Preset(kAllLists, list_summaries(collection.manifest(), kAllLists)).choices().front();
}

}  // namespace pmatch::cli
