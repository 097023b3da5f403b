/// Ranks labelled queries by many recipes and keeps what a choice among them needs.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/tuning/cached_lists.hpp"
#include "core/common/observer.hpp"
#include "core/metrics/metrics.hpp"
#include "core/tuning/recipe_selection.hpp"

namespace pmatch {

/// "recall@1" as columns of a ScoreTable.
struct TuneMetric {
    std::string name;
    ScoreColumns columns;
    RatioMetric ratio;

    /// Answers to ask for: as `evaluate` does.
    int top() const { return columns.depth(); }
};

/// Throws UsageError for what is no metric of `evaluate` without a threshold.
TuneMetric tune_metric(const std::string& name);

/// The queries that are asked; of these, those that the truth names.
struct TuneQueries {
    std::vector<Query> asked;
    std::vector<std::optional<std::size_t>> label_of;  ///< of `asked`: number in `labelled`
    std::vector<std::size_t> asked_of;                 ///< of `labelled`: number in `asked`
    LabelledQueries labelled;
};

/// `queries` in the order of their file, ids once. With `all` also those that the truth does not
/// name. Throws Error when too few have a true item.
TuneQueries tune_queries(std::vector<Query> queries, const Truth& truth, const TuneMetric& metric,
                         bool all, const std::string& truth_file);

/// Writes the numbers of one recipe's answers into its results.
class TuneScorer {
public:
    TuneScorer(const Truth& truth, const TuneMetric& metric, const TuneQueries& queries,
               RecipeResults& results);
    /// Nothing for queries without a label. `ranked` is what the query is answered with.
    void add(std::size_t query, std::span<const RankedItem> ranked, const IdOfRow& id_of);

private:
    Scorer scorer_;
    const RatioMetric& ratio_;
    const TuneQueries& queries_;
    RecipeResults& results_;
    std::size_t mrr_;
    std::size_t hit_;
};

struct TuneWork {
    const Truth& truth;
    const TuneMetric& metric;
    const TuneQueries& queries;
    bool batch = false;

    Wanted wanted() const { return {metric.top(), batch}; }
    /// Answers that lists must be deep enough for.
    int candidates() const { return wanted().candidates(); }
    /// Depth of the lists for this recipe.
    int depth_of(const Recipe& recipe) const { return wanted().depth(recipe, candidates()); }
};

/// Adds the block's queries to the results of plans without a model, results[i] of plans[i]. With
/// `batch` the block holds all queries. `tell` hears how many rankings have been made since.
void measure(const TuneWork& work, std::span<const TunePlan> plans, const TuneBlock& block,
             const IdOfRow& id_of, std::vector<RecipeResults>& results, const Execution& execution,
             const std::function<void(std::size_t ranked)>& tell);

}  // namespace pmatch
