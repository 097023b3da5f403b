/// The candidate recipes of tuning: the start recipe, the matcher as shipped and adapted, and a
/// grid.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/engine/query_problems.hpp"
#include "cli/tuning/cached_lists.hpp"
#include "cli/tuning/recipe_scoring.hpp"
#include "cli/tuning/reranker_fit.hpp"
#include "core/tuning/recipe_grid.hpp"

namespace pmatch {

class TuneContenders {
public:
    /// All arguments must outlive this object.
    TuneContenders(const Engine& engine, const TuneWork& work, const Execution& execution);

    /// Collects the recipes; `start` is the first. Sets GridOptions::depths.
    void collect(const ResolvedRecipe& start, const std::optional<ResolvedRecipe>& matcher,
                 const ResolvedRecipe& every_list, GridOptions grid);
    /// Retrieves the lists once and evaluates all recipes.
    void measure();
    /// Adds the matcher, if there is one, with weights fitted to labels: per split to the training
    /// half, finally to all. For selection it is evaluated by two-fold cross-validation within
    /// these queries.
    void adapt(const std::vector<TrainTestSplit>& splits, std::span<const std::uint32_t> groups);

    const TuneLists& lists() const { return lists_; }
    const std::vector<CandidateRecipe>& all() const { return contenders_; }
    const std::vector<std::string>& lines() const { return lines_; }
    /// The recipe of a contender, trained on all labels.
    const Recipe& recipe(std::size_t contender) const { return recipes_[contender]; }
    /// For a recipe with a re-ranker: TuneMatcher::adapt_odds().
    void adapt_odds(Recipe& recipe) const;
    /// Reports queries that some list could not answer.
    void tell(QueryProblems& problems) const;

private:
    struct FittedRecipe;
    void add(Recipe recipe, std::string line, CandidateRecipe contender);
    const RecipeResults* keep(RecipeResults results);
    FittedRecipe teach(const QueryNumbers& train, std::span<const std::uint32_t> groups,
                       std::uint64_t seed) const;
    void measure_blocks(std::vector<RecipeResults>& results);
    TunePlan plan_of(const GridRecipe& recipe, const std::vector<std::size_t>& lists) const;

    const Engine& engine_;
    const TuneWork& work_;
    Execution execution_;
    TuneLists lists_;
    std::vector<TunePlan> plans_;  ///< without a re-ranker
    std::optional<TunePlan> matcher_plan_;
    bool starts_with_matcher_ = false;
    std::uint64_t seed_ = 1;
    std::unique_ptr<TuneMatcher> matcher_;
    std::vector<Problem> problems_;  ///< by index in the asked queries
    std::vector<std::unique_ptr<RecipeResults>> results_;
    std::vector<CandidateRecipe> contenders_;
    std::vector<std::string> lines_;
    std::vector<Recipe> recipes_;
};

}  // namespace pmatch
