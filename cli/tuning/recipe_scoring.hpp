/// Evaluates many recipes on the labelled queries and stores their results for model selection.
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

/// A metric such as "recall@1", as columns of a ScoreTable.
struct TuneMetric {
    std::string name;
    ScoreColumns columns;
    RatioMetric ratio;

    /// Answers per query, as in `evaluate`.
    int top() const { return columns.depth(); }
};

/// Throws UsageError unless it is a metric of `evaluate` that needs no threshold.
TuneMetric tune_metric(const std::string& name);

/// All queries, and those of them that are in the truth.
struct TuneQueries {
    std::vector<Query> asked;
    std::vector<std::optional<std::size_t>> label_of;  ///< for `asked`: index in `labelled`
    std::vector<std::size_t> asked_of;                 ///< for `labelled`: index in `asked`
    LabelledQueries labelled;
};

/// `queries` in the order of their file, without repeated ids. With `all` also those that are not
/// in the truth. Throws Error if too few have a true item.
TuneQueries tune_queries(std::vector<Query> queries, const Truth& truth, const TuneMetric& metric,
                         bool all, const std::string& truth_file);

/// Computes the results of one recipe from its answers.
class TuneScorer {
public:
    TuneScorer(const Truth& truth, const TuneMetric& metric, const TuneQueries& queries,
               RecipeResults& results);
    /// Ignores queries without a label. `ranked` are the query's final answers.
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
    /// Number of candidates that the lists must provide.
    int candidates() const { return wanted().candidates(); }
    /// Depth of the lists for this recipe.
    int depth_of(const Recipe& recipe) const { return wanted().depth(recipe, candidates()); }
};

/// Adds the block's queries to the results of plans without a re-ranker; results[i] belongs to
/// plans[i]. With `batch` the block must hold all queries. `tell` is called with the number of
/// rankings made since the last call.
void measure(const TuneWork& work, std::span<const TunePlan> plans, const TuneBlock& block,
             const IdOfRow& id_of, std::vector<RecipeResults>& results, const Execution& execution,
             const std::function<void(std::size_t ranked)>& tell);

}  // namespace pmatch
