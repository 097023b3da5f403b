#include "core/preset/preset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "core/preset/recipe_resolver.hpp"
#include "core/preset/shipped_presets.hpp"
#include "core/text/did_you_mean.hpp"

namespace pmatch {
namespace {

bool is_shipped(const std::string& name) {
    const auto presets = shipped_presets();
    return std::any_of(presets.begin(), presets.end(),
                       [&](const auto& shipped) { return shipped.name == name; });
}

/// The space or lexical index of this name as a preset with a single list.
std::optional<ResolvedRecipe> list_as_preset(const std::string& name,
                                             const std::vector<SpaceSummary>& lists) {
    const auto list = std::find_if(lists.begin(), lists.end(),
                                   [&](const auto& other) { return other.name == name; });
    if (list == lists.end()) return std::nullopt;
    ResolvedRecipe resolved;
    resolved.recipe.name = name;
    resolved.recipe.lists.push_back(list_spec_of(*list));
    resolved.names.push_back({list->name, resolved.recipe.lists.back().kind});
    return resolved;
}

/// Of recipes to choose from, one that adds lists is none where only one of them is there: a recipe
/// after it answers with that list's own scores.
void drop_sums_of_one(std::vector<ResolvedRecipe>& choices) {
    const auto adds_one = [](const ResolvedRecipe& choice) {
        return choice.names.size() == 1 && choice.recipe.fusion.method != "none";
    };
    if (!std::all_of(choices.begin(), choices.end(), adds_one)) std::erase_if(choices, adds_one);
}

/// A space of local features answers nothing by itself.
void refuse_keypoints(const std::string& name, const std::vector<SpaceSummary>& available) {
    for (const auto& space : available) {
        if (!space.keypoints || space.name != name) continue;
        throw UsageError{fmt::format("space '{}' has local features, which make no list", name),
                         fmt::format("name a preset with \"verify\": {{\"space\": \"{}\"}}", name)};
    }
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<SpaceSummary>& lists) {
    std::vector<std::string> presets;
    for (const auto& shipped : shipped_presets())
        presets.emplace_back(shipped.name);
    std::vector<std::string> names;
    for (const auto& list : lists)
        names.push_back(list.name);
    auto known = presets;
    known.insert(known.end(), names.begin(), names.end());
    throw UsageError{
        fmt::format("there is no preset '{}'{}", name, did_you_mean(name, known)),
        fmt::format("give a preset ({}), a preset file (with a slash or .jsonc in its name), or a "
                    "space or lexical index; those here are: {}",
                    fmt::join(presets, ", "), fmt::join(names, ", "))};
}

[[noreturn]] void fail_nothing_serves(const std::string& name, const MissingList& missing,
                                      const std::vector<SpaceSummary>& lists) {
    if (lists.empty()) {
        throw UsageError{fmt::format("the collection has nothing to search; preset '{}' wants a {}",
                                     name, missing.what),
                         missing.remedy};
    }
    std::vector<std::string> names;
    for (const auto& list : lists)
        names.push_back(list.name);
    auto remedy = missing.remedy;
    remedy.otherwise =
        fmt::format(", or use another preset; the spaces and lexical indexes here are: {}",
                    fmt::join(names, ", "));
    throw UsageError{fmt::format("preset '{}' finds no {}", name, missing.what), remedy};
}

}  // namespace

Preset::Preset(const std::string& name_or_file, const std::vector<SpaceSummary>& available)
    : name_(name_or_file) {
    const auto lists = lists_among(available);
    // A lexical index is named after a field, so its name may look like a path.
    if (!is_shipped(name_or_file)) {
        if (auto list = list_as_preset(name_or_file, lists)) {
            choices_.push_back(std::move(*list));
            return;
        }
    }
    const auto recipe = find_recipe(name_or_file);
    if (!recipe) refuse_keypoints(name_or_file, available);
    if (!recipe) fail_unknown(name_or_file, lists);
    std::optional<MissingList> missing;
    const auto take = [&](const Recipe& one) {
        auto result = resolve(one, available);
        if (auto* resolved = std::get_if<ResolvedRecipe>(&result)) {
            resolved->for_both = !recipe->first_of.empty() && one.image_weight.has_value();
            choices_.push_back(std::move(*resolved));
        } else {
            missing = std::get<MissingList>(result);
        }
    };
    if (recipe->first_of.empty()) take(*recipe);
    for (const auto& name : recipe->first_of) {
        const auto one = find_recipe(name);
        if (!one || !one->first_of.empty()) {
            throw Error{fmt::format("the field 'first_of' names '{}', wanted: a preset that is no "
                                    "choice itself",
                                    name),
                        recipe->name, "`pmatch presets` lists those that come with pmatch"};
        }
        take(*one);
    }
    if (!recipe->first_of.empty()) drop_sums_of_one(choices_);
    if (choices_.empty()) {
        if (recipe->first_of.size() > 1) {
            missing = {"space or lexical index that one of its recipes could use",
                       {"make one:", {{"embed", {}, {"--model", "PACKAGE"}}, {"build-index", {}}}}};
        }
        fail_nothing_serves(name_, *missing, lists);
    }
}

void Preset::set_image_weight(double weight) {
    for (auto& choice : choices_) {
        auto& recipe = choice.recipe;
        if (recipe.wants_complete_lists()) {
            throw UsageError{fmt::format("--image-weight does not go with the stages of preset "
                                         "'{}'",
                                         name_),
                             "copy the preset and change its weights: `pmatch presets show "
                             "three-stage`"};
        }
        weigh_parts(recipe, weight);
    }
}

const ResolvedRecipe* Preset::choice_for(
    const std::function<bool(const ListSpec&)>& query_has_input) const {
    for (const auto& choice : choices_) {
        bool picture = false;
        bool text = false;
        bool all = true;
        for (const auto& list : choice.recipe.lists) {
            const bool has = query_has_input(list);
            auto& side = list.query == QueryPart::kImage ? picture : text;
            side = side || has;
            all = all && (has || !list.required);
        }
        if (all && (choice.for_both ? picture && text : picture || text)) return &choice;
    }
    for (const auto& choice : choices_) {
        if (choice.exact && query_has_input(choice.exact->spec)) return &choice;
    }
    return nullptr;
}

}  // namespace pmatch
