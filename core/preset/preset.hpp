/// Presets: recipes by name, and which lists of a collection serve them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/common/remedy.hpp"
#include "core/common/source.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

/// What a preset needs to know of a space, or of a lexical index.
struct SpaceSummary {
    std::string name;
    Source source;
    std::string analyser{};    ///< of a lexical index; empty for a space
    bool both_towers = false;  ///< the space's package takes pictures and texts
};

/// What ranks the items: a space, a lexical index, or what comes next.
struct RetrieverId {
    std::string name;
    ListKind kind = ListKind::kVector;

    friend bool operator==(const RetrieverId&, const RetrieverId&) = default;
    friend bool operator<(const RetrieverId& a, const RetrieverId& b) {
        return std::tie(a.name, a.kind) < std::tie(b.name, b.kind);
    }
};

/// A recipe with a space or index of the collection for each of its lists. Lists that it can do
/// without and the collection lacks are gone.
struct ResolvedRecipe {
    Recipe recipe;
    std::vector<RetrieverId> names;  ///< as many as recipe.lists
    /// "make one: `pmatch …`" for each list that is gone, without the collection.
    std::vector<Remedy> would_help;
};

/// `name_or_file` is a path when it has a slash or ends in .json or .jsonc, else the name of a
/// shipped preset; nothing when it is neither. Throws Error for a file that is no recipe.
std::optional<Recipe> find_recipe(const std::string& name_or_file);

/// True when the recipe may compare pictures with texts, so that it matters which packages can.
bool asks_for_both_towers(const Recipe& recipe);

class Preset {
public:
    /// A shipped preset, the name of a space or lexical index of the collection, or a preset
    /// file. Throws UsageError, naming what there is and the command that makes what is
    /// missing, when the collection cannot serve it.
    Preset(const std::string& name_or_file, const std::vector<SpaceSummary>& lists);

    const std::string& name() const { return name_; }
    const std::vector<ResolvedRecipe>& choices() const { return choices_; }

    /// With w from 0 to 1: lists that the query's picture asks weigh w times their weight, those
    /// that its text asks 1 - w times. Throws UsageError for recipes with stages.
    void set_image_weight(double weight);

    /// The first choice of whose lists the query has all that are required, and one at least;
    /// nullptr when there is none.
    const ResolvedRecipe* choice_for(
        const std::function<bool(const ListSpec&)>& query_has_input) const;

private:
    std::string name_;
    std::vector<ResolvedRecipe> choices_;
};

}  // namespace pmatch
