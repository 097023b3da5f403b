/// Presets: named recipes, resolved to the lists of a collection.
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

/// What presets need to know about a space or a lexical index.
struct SpaceSummary {
    std::string name;
    Source source;
    ListKind kind = ListKind::kVector;    ///< of the lists it makes
    std::string analyser{};               ///< of a lexical index
    bool both_towers = false;             ///< the space's package encodes pictures and texts
    std::vector<Source> other_sources{};  ///< of a list of identifiers: its other columns
    std::string model{};                  ///< of a space: the name of what made its vectors
    bool keypoints = false;  ///< a space of local features: it verifies, and makes no list
};

/// Identifies a retriever: a space, a lexical index, or a future kind.
struct RetrieverId {
    std::string name;
    ListKind kind = ListKind::kVector;

    friend bool operator==(const RetrieverId&, const RetrieverId&) = default;
    friend bool operator<(const RetrieverId& a, const RetrieverId& b) {
        return std::tie(a.name, a.kind) < std::tie(b.name, b.kind);
    }
};

/// A list of identifiers whose hits come first.
struct ExactList {
    ListSpec spec;
    RetrieverId id;
};

/// A recipe with the collection's space or index for each list. Optional lists and a verification
/// that the collection lacks are dropped.
struct ResolvedRecipe {
    Recipe recipe;
    std::vector<RetrieverId> names;  ///< as many as recipe.lists
    /// "make one: `pmatch …`" for each dropped list, without the collection's path.
    std::vector<Remedy> would_help;
    std::optional<Remedy> would_verify = {};  ///< makes the space of a verification that is dropped
    std::optional<ExactList> exact = {};      ///< if the recipe wants it and the collection has it
    bool for_both = false;  ///< for queries of which both picture and text are compared
};

/// `name_or_file` is a path if it has a slash or ends in .json or .jsonc, else the name of a
/// shipped preset; empty if it is neither. Throws Error for an invalid file.
std::optional<Recipe> find_recipe(const std::string& name_or_file);

/// Whether the recipe may compare pictures with texts, so that it matters which packages can.
bool asks_for_both_towers(const Recipe& recipe);

class Preset {
public:
    /// A shipped preset, the name of a space or lexical index of the collection, or a preset file.
    /// Throws UsageError, listing what exists and the command that creates what is missing, if the
    /// collection cannot serve it.
    Preset(const std::string& name_or_file, const std::vector<SpaceSummary>& available);

    const std::string& name() const { return name_; }
    const std::vector<ResolvedRecipe>& choices() const { return choices_; }

    /// With w from 0 to 1: scales the weights of lists that use the query's picture so that they
    /// sum to w, and of those that use its text so that they sum to 1 - w, however many lists a
    /// side has. Throws UsageError for three-stage recipes.
    void set_image_weight(double weight);

    /// The first choice whose required lists the query has inputs for, with at least one list (of
    /// each part of the query, for a choice of `first_of` that weighs the two); else
    /// the first whose list of identifiers it has an input for; nullptr if there is none.
    const ResolvedRecipe* choice_for(
        const std::function<bool(const ListSpec&)>& query_has_input) const;

private:
    std::string name_;
    std::vector<ResolvedRecipe> choices_;
};

}  // namespace pmatch
