#include "core/preset/recipe_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "core/encoders/builtin.hpp"

namespace pmatch {
namespace {

bool is_wanted(const SpaceSummary& space, const ListSpec& list) {
    if (space.kind != ListKind::kVector) return false;
    if (!list.model.empty() && space.model != list.model) return false;
    return list.space.empty() ? space.source == list.source : space.name == list.space;
}

/// The named space, or the one named like the source, else the only one built from it: by a
/// network, or if there is none by a descriptor.
const SpaceSummary* find_space(const ListSpec& list, const std::vector<SpaceSummary>& lists) {
    std::vector<const SpaceSummary*> networks;
    std::vector<const SpaceSummary*> descriptors;
    for (const auto& space : lists) {
        if (!is_wanted(space, list)) continue;
        if (!list.space.empty() || space.name == list.source.name()) return &space;
        (is_builtin(space.model) ? descriptors : networks).push_back(&space);
    }
    const auto& found = networks.empty() ? descriptors : networks;
    return found.size() == 1 ? found.front() : nullptr;
}

/// 3-grams before words, and of equals the one that is indifferent to accents.
int preference(const std::string& analyser) {
    return (analyser.starts_with("3gram") ? 2 : 0) + (analyser.ends_with("-unaccented") ? 1 : 0);
}

/// Codes and words on pictures, which are no description of the item.
bool is_reading(const Source& source) {
    return source.is_caption() && source != Source::captions();
}

/// The index of its source; for `text` also that of the only indexed source that describes items.
const SpaceSummary* find_lexical(const ListSpec& list, const std::vector<SpaceSummary>& lists) {
    const SpaceSummary* found = nullptr;
    const SpaceSummary* other = nullptr;
    bool others_differ = false;
    const auto better = [](const SpaceSummary* now, const SpaceSummary& then) {
        return now == nullptr || preference(now->analyser) < preference(then.analyser);
    };
    for (const auto& index : lists) {
        if (index.kind != ListKind::kBm25) continue;
        if (!list.analyser.empty() && index.analyser != list.analyser) continue;
        if (index.source == list.source) {
            if (better(found, index)) found = &index;
            continue;
        }
        if (is_reading(index.source)) continue;
        others_differ = others_differ || (other != nullptr && other->source != index.source);
        if (better(other, index)) other = &index;
    }
    if (found != nullptr) return found;
    return list.source.is_text() && !others_differ ? other : nullptr;
}

void append(std::vector<std::string>& words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
}

Remedy make_one(std::vector<Command> commands) {
    return {"make one:", std::move(commands)};
}

MissingList missing_lexical(const ListSpec& list) {
    Command build{"build-index", {}, {"--layout", "bm25"}};
    if (!list.source.is_text()) append(build.arguments, {"--source", list.source.name()});
    if (!list.analyser.empty()) append(build.arguments, {"--analyser", list.analyser});
    return {fmt::format("lexical index of {}", list.source.name()), make_one({build})};
}

MissingList missing_space(const ListSpec& list) {
    Command embed{"embed", {}, {"--model", list.model.empty() ? "PACKAGE" : list.model}};
    if (!is_builtin(list.model)) append(embed.arguments, {"--source", list.source.name()});
    if (!list.space.empty()) append(embed.arguments, {"--space", list.space});
    const auto name = list.space.empty() ? std::string() : fmt::format(" called {}", list.space);
    const auto model = list.model.empty() ? std::string() : fmt::format(" by {}", list.model);
    return {fmt::format("space{} made from {}{}{}", name, list.source.name(), model,
                        list.space.empty() ? " (or finds several)" : ""),
            make_one({embed, {"build-index", {}}})};
}

const SpaceSummary* find_exact(const ListSpec& list, const std::vector<SpaceSummary>& lists) {
    const auto found = std::find_if(lists.begin(), lists.end(), [&](const SpaceSummary& one) {
        const auto& others = one.other_sources;
        return one.kind == ListKind::kExact &&
               (one.source == list.source ||
                std::find(others.begin(), others.end(), list.source) != others.end());
    });
    return found == lists.end() ? nullptr : &*found;
}

MissingList missing_exact(const ListSpec& list) {
    return {fmt::format("list of the identifiers in {}", list.source.name()),
            make_one({{"build-index", {}, {"--layout", "exact", "--source", list.source.name()}}})};
}

bool has_keypoints(const std::vector<SpaceSummary>& available, const std::string& space) {
    return std::any_of(available.begin(), available.end(),
                       [&](const SpaceSummary& one) { return one.keypoints && one.name == space; });
}

MissingList missing_keypoints(const std::string& space) {
    return {fmt::format("space of local features called {}", space),
            make_one({{"embed", {}, {"--model", "builtin:local", "--space", space}}})};
}

/// How each kind of list is found, and what is said where it is not.
struct ListFinder {
    const SpaceSummary* (*find)(const ListSpec& list, const std::vector<SpaceSummary>& lists);
    MissingList (*missing)(const ListSpec& list);
};

ListFinder finder_of(ListKind kind) {
    switch (kind) {  // without default, so that the compiler names a kind that is forgotten
        case ListKind::kVector:
            return {find_space, missing_space};
        case ListKind::kBm25:
            return {find_lexical, missing_lexical};
        case ListKind::kExact:
            return {find_exact, missing_exact};
    }
    throw std::logic_error("a list of no kind");
}

/// Chooses among alternative sources one for which another list exists, if any.
ListSpec with_known_source(ListSpec list, const std::vector<SpaceSummary>& lists) {
    const auto known = [&](const Source& source) {
        return std::any_of(lists.begin(), lists.end(),
                           [&](const auto& one) { return one.source == source; });
    };
    if (known(list.source)) return list;
    for (const auto& source : list.other_sources) {
        if (!known(source)) continue;
        list.source = source;
        break;
    }
    return list;
}

bool crosses(const ListSpec& list) {
    return list.kind == ListKind::kVector && list.query != part_like(list.source);
}

/// Adds every space and lexical index; a space of a package with both towers also for the other
/// part.
void take_all(ResolvedRecipe& resolved, const std::vector<SpaceSummary>& lists) {
    for (const auto& list : lists) {
        if (list.kind == ListKind::kExact) continue;  // a proof, not a part of a sum
        auto spec = list_spec_of(list);
        spec.required = false;
        const auto weight = resolved.recipe.model_weights.find(list.model);
        if (weight != resolved.recipe.model_weights.end()) spec.weight = weight->second;
        resolved.recipe.lists.push_back(spec);
        resolved.names.push_back({list.name, spec.kind});
        if (!list.both_towers) continue;
        const bool picture = spec.query == QueryPart::kImage;
        spec.query = picture ? QueryPart::kText : QueryPart::kImage;
        spec.name += picture ? " by text" : " by picture";
        resolved.recipe.lists.push_back(spec);
        resolved.names.push_back({list.name, spec.kind});
    }
}

/// A collection's only index may serve both a list of texts and one of titles: it counts once.
bool asks_already(const ResolvedRecipe& resolved, const ListSpec& list, const RetrieverId& name) {
    for (std::size_t i = 0; i < resolved.names.size(); ++i) {
        if (resolved.names[i] == name && resolved.recipe.lists[i].query == list.query) return true;
    }
    return false;
}

/// Scales the weights of the lists of one part of the query, so that they sum to `whole`.
void share_out(std::vector<ListSpec>& lists, QueryPart part, double whole) {
    double sum = 0;
    for (const auto& list : lists)
        sum += list.query == part ? list.weight : 0;
    if (sum == 0) return;
    for (auto& list : lists) {
        if (list.query == part) list.weight *= whole / sum;
    }
}

}  // namespace

void weigh_parts(Recipe& recipe, double image_weight) {
    share_out(recipe.lists, QueryPart::kImage, image_weight);
    share_out(recipe.lists, QueryPart::kText, 1 - image_weight);
}

ListSpec list_spec_of(const SpaceSummary& list) {
    ListSpec spec;
    spec.name = list.name;
    spec.source = list.source;
    spec.kind = list.kind;
    switch (list.kind) {
        case ListKind::kVector:
            spec.space = list.name;
            spec.query = part_like(list.source);
            break;
        case ListKind::kBm25:
            spec.analyser = list.analyser;
            break;
        case ListKind::kExact:
            spec.other_sources = list.other_sources;
            break;
    }
    return spec;
}

bool asks_for_both_towers(const Recipe& recipe) {
    for (const auto& name : recipe.first_of) {
        const auto one = find_recipe(name);
        if (one && one->first_of.empty() && asks_for_both_towers(*one)) return true;
    }
    return recipe.all_lists || std::any_of(recipe.lists.begin(), recipe.lists.end(), crosses);
}

std::vector<SpaceSummary> lists_among(const std::vector<SpaceSummary>& available) {
    std::vector<SpaceSummary> lists;
    std::copy_if(available.begin(), available.end(), std::back_inserter(lists),
                 [](const SpaceSummary& one) { return !one.keypoints; });
    return lists;
}

std::variant<ResolvedRecipe, MissingList> resolve(const Recipe& recipe,
                                                  const std::vector<SpaceSummary>& available) {
    const auto lists = lists_among(available);
    ResolvedRecipe resolved;
    resolved.recipe = recipe;
    if (recipe.verify && !has_keypoints(available, recipe.verify->space)) {
        const auto missing = missing_keypoints(recipe.verify->space);
        if (recipe.verify->required) return missing;
        resolved.would_verify = missing.remedy;
        resolved.recipe.verify.reset();
    }
    const auto exact = std::find_if(lists.begin(), lists.end(), [](const SpaceSummary& list) {
        return list.kind == ListKind::kExact;
    });
    if (recipe.exact && exact != lists.end())
        resolved.exact = {list_spec_of(*exact), {exact->name, exact->kind}};
    resolved.recipe.lists.clear();
    if (recipe.all_lists) take_all(resolved, lists);
    std::optional<MissingList> lacking;
    for (const auto& wanted : recipe.lists) {
        auto list = wanted;
        const auto finder = finder_of(list.kind);
        const auto* found = finder.find(list, lists);
        for (const auto& source : wanted.other_sources) {
            if (found != nullptr) break;
            list.source = source;
            found = finder.find(list, lists);
        }
        if (found != nullptr && crosses(list) && !found->both_towers) found = nullptr;
        if (found == nullptr) {
            lacking = finder.missing(with_known_source(wanted, lists));
            if (crosses(list)) lacking->what += " by a package that takes pictures and texts";
            if (list.required) return *lacking;
            resolved.would_help.push_back(lacking->remedy);
            continue;
        }
        const RetrieverId name{found->name, list.kind};
        if (!list.required && asks_already(resolved, list, name)) continue;
        auto& taken = resolved.recipe.lists.emplace_back(list);
        taken.source = found->source;
        if (list.kind == ListKind::kExact) taken.other_sources = found->other_sources;
        resolved.names.push_back(name);
    }
    if (resolved.names.empty()) {
        return lacking.value_or(MissingList{"space or lexical index",
                                            make_one({{"embed", {}, {"--model", "PACKAGE"}}})});
    }
    if (recipe.image_weight) weigh_parts(resolved.recipe, *recipe.image_weight);
    return resolved;
}

}  // namespace pmatch
