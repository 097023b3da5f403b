#include "cli/tuning/starting_recipe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

void name_lists(ResolvedRecipe& resolved, const std::vector<SpaceSummary>& available) {
    for (std::size_t i = 0; i < resolved.names.size(); ++i) {
        auto& list = resolved.recipe.lists[i];
        const auto& name = resolved.names[i];
        list.other_sources.clear();
        if (name.kind == ListKind::kBm25) {
            list.analyser = std::find_if(available.begin(), available.end(), [&](const auto& one) {
                                return one.name == name.name && one.kind == name.kind;
                            })->analyser;
        } else {
            list.space = name.name;
            list.model.clear();
        }
    }
}

}  // namespace

ResolvedRecipe start_recipe(const std::string& preset, const CollectionSource& source,
                            const std::vector<Query>& queries) {
    const auto available = source.available(preset);
    const Preset all(preset, available);
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
    name_lists(resolved, available);
    return resolved;
}

std::optional<ResolvedRecipe> matcher_recipe(const CollectionSource& source) {
    try {
        const auto available = source.available("matcher");
        const Preset preset("matcher", available);
        auto resolved = preset.choices().front();
        name_lists(resolved, available);
        return resolved;
    } catch (const UsageError&) {
        return std::nullopt;  // a collection of pictures
    }
}

ResolvedRecipe every_list(const CollectionSource& source) {
    constexpr const char* kAllLists = "multimodal";
    return Preset(kAllLists, source.available(kAllLists)).choices().front();
}

}  // namespace pmatch
