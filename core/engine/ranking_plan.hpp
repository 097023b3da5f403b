/// The ranking options of a request, validated against the collection.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/common/observer.hpp"
#include "core/common/row_bitmap.hpp"
#include "core/engine/candidate_reranker.hpp"
#include "core/engine/picture_verifier.hpp"
#include "core/engine/request.hpp"
#include "core/preset/preset.hpp"
#include "core/ranking/rank_lists.hpp"
#include "core/retrieval/lazy.hpp"

namespace pmatch {

/// A preset resolved for the collection, with the re-rankers of its recipes.
class ServedPreset {
public:
    explicit ServedPreset(Preset preset) : preset_(std::move(preset)) {}

    const Preset& preset() const { return preset_; }
    /// For a choice of this preset that has a model.
    const CandidateReranker& reranker(const CollectionSource& source, const ResolvedRecipe& choice,
                                      const Execution& execution) const;
    /// For a choice of this preset that verifies, or would. The first call for a choice without its
    /// space notes the command that makes it.
    const PictureVerifier& verifier(const CollectionSource& source, const ResolvedRecipe& choice,
                                    const Execution& execution) const;

private:
    Preset preset_;
    mutable LazyMap<const ResolvedRecipe*, CandidateReranker> rerankers_;
    mutable LazyMap<const ResolvedRecipe*, PictureVerifier> verifiers_;
};

/// Cheap to copy; valid as long as its engine.
struct RankingPlan {
    RankingOptions options;
    std::shared_ptr<const ServedPreset> served;
    std::shared_ptr<const RowSet> allowed;  ///< nullptr = all items
    std::vector<Notice> warnings;

    const Preset& preset() const { return served->preset(); }
    std::shared_ptr<const Recipe> recipe(const ResolvedRecipe& choice) const {
        return {served, &choice.recipe};
    }
    /// Whether a recipe of the preset has a re-ranker.
    bool has_model() const;
    /// Options for choosing the final answers; without groups.
    RankOptions rank_options(int top) const;
    /// The field that answers are grouped by; empty = none.
    const std::string& group_field(const Recipe& recipe) const {
        return options.collapse.empty() ? recipe.collapse : options.collapse;
    }
};

}  // namespace pmatch
