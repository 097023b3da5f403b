/// Model selection among recipes: chosen on the training half of the labelled queries, evaluated on
/// the held-out half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/matching/threshold.hpp"
#include "core/metrics/score_table.hpp"
#include "core/metrics/significance.hpp"
#include "core/tuning/train_test_split.hpp"

namespace pmatch {

/// Results of one recipe, by labelled query.
struct RecipeResults {
    std::vector<double> over;   ///< the query's term in the numerator of the metric
    std::vector<float> mrr;     ///< 1 / rank of the first true item
    std::vector<float> first;   ///< score of the first answer; -infinity if there is none
    std::vector<char> correct;  ///< whether the first answer is true

    explicit RecipeResults(std::size_t queries);
};

/// The labelled queries and the metric: times · sum of over / sum of under.
struct LabelledQueries {
    std::vector<std::string> ids;
    std::vector<double> under;
    std::vector<char> has_item;  ///< 0: judged to have no matching item
    std::string metric;
    double times = 1;
};

/// A candidate recipe. One that learns from labels has different results in every split.
struct CandidateRecipe {
    /// Results for selection: one per split, then one for all queries; or a single one for all of
    /// these. For a recipe that learns these are cross-validated: no query is scored by a model
    /// trained on its label.
    std::vector<const RecipeResults*> seen;
    /// Results for evaluation, likewise; a recipe that learns is trained on the whole training
    /// half.
    std::vector<const RecipeResults*> judged;

    const RecipeResults& seen_in(std::size_t split) const { return *at(seen, split); }
    const RecipeResults& judged_in(std::size_t split) const { return *at(judged, split); }

private:
    static const RecipeResults* at(const std::vector<const RecipeResults*>& all,
                                   std::size_t split) {
        return all.size() == 1 ? all.front() : all.at(split);
    }
};

/// A metric of the start recipe and of the chosen one.
struct TwoValues {
    double start = 0;
    double chosen = 0;
};

struct SplitChoice {
    std::size_t contender = 0;
    TwoValues train;
    TwoValues held_out;
};

/// Mean over the splits ∓ half the 95 % interval of Student's t distribution.
struct MeanOverSplits {
    double mean = 0;
    double half = 0;
};

struct RecipeChoice {
    std::vector<SplitChoice> splits;
    std::size_t contender = 0;  ///< index of the recipe chosen on all queries
    TwoValues all;              ///< on all queries, for the recipe chosen on them
    MeanOverSplits start;       ///< on held-out queries; likewise chosen and gain
    MeanOverSplits chosen;
    MeanOverSplits gain;
    double p = 1;  ///< of the held-out gain, by a paired randomisation test

    bool is_gain() const;
};

double metric_of(const LabelledQueries& queries, const RecipeResults& results,
                 std::span<const std::uint32_t> numbers);

/// The choice is compared with contenders[start]. Ties are broken by mrr, then in favour of the
/// start recipe, then by order. For p, a query counts with its mean result over the splits in which
/// it was held out.
RecipeChoice choose_recipe(const LabelledQueries& queries,
                           const std::vector<CandidateRecipe>& contenders, std::size_t start,
                           const std::vector<TrainTestSplit>& splits,
                           const RandomisationOptions& options);

MeanOverSplits mean_over_splits(std::span<const double> values);

/// The first answers to these queries, to learn a threshold; and how many of the queries have an
/// item.
std::vector<JudgedPair> first_answers(const RecipeResults& results,
                                      std::span<const std::uint32_t> numbers);
std::size_t true_firsts(const LabelledQueries& queries, std::span<const std::uint32_t> numbers);

}  // namespace pmatch
