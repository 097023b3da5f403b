/// Chooses among recipes on one half of the labelled queries and judges the choice on the other.
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

/// What one recipe did for each labelled query.
struct RecipeResults {
    std::vector<double> over;   ///< the query's part of the metric's sum
    std::vector<float> mrr;     ///< 1 / rank of the first true item
    std::vector<float> first;   ///< score of the first answer; -infinity without one
    std::vector<char> correct;  ///< the first answer is true

    explicit RecipeResults(std::size_t queries);
};

/// The labelled queries, and how their parts become the metric: times · sum of over / sum of under.
struct LabelledQueries {
    std::vector<std::string> ids;
    std::vector<double> under;
    std::vector<char> has_item;  ///< 0: judged to have none
    std::string metric;
    double times = 1;
};

/// A recipe to choose. One that learns from labels has other results in every split.
struct CandidateRecipe {
    /// By split, then of all queries; or one for all of these. What is chosen by: of one that
    /// learns never from the labels that are looked at.
    std::vector<const RecipeResults*> seen;
    /// Likewise what is judged; of one that learns, taught by the whole training half.
    std::vector<const RecipeResults*> judged;

    const RecipeResults& seen_in(std::size_t split) const { return *at(seen, split); }
    const RecipeResults& judged_in(std::size_t split) const { return *at(judged, split); }

private:
    static const RecipeResults* at(const std::vector<const RecipeResults*>& all,
                                   std::size_t split) {
        return all.size() == 1 ? all.front() : all.at(split);
    }
};

/// A metric of the start and of what was chosen instead.
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
    std::size_t contender = 0;  ///< chosen on all queries
    TwoValues all;              ///< on all queries, with what was chosen on them
    MeanOverSplits start;       ///< held out
    MeanOverSplits chosen;
    MeanOverSplits gain;
    double p = 1;  ///< of the held-out gain, by paired randomisation

    bool is_gain() const;
};

double metric_of(const LabelledQueries& queries, const RecipeResults& results,
                 std::span<const std::uint32_t> numbers);

/// contenders[start] is what a choice is compared with. Equal metrics: the better mrr, then the
/// start, then the one that comes first. p: a query counts with the mean of its results over
/// the splits that held it out.
RecipeChoice choose_recipe(const LabelledQueries& queries,
                           const std::vector<CandidateRecipe>& contenders, std::size_t start,
                           const std::vector<TrainTestSplit>& splits,
                           const RandomisationOptions& options);

MeanOverSplits mean_over_splits(std::span<const double> values);

/// The first answers to these queries, for a threshold; and how many of the queries have an item.
std::vector<JudgedPair> first_answers(const RecipeResults& results,
                                      std::span<const std::uint32_t> numbers);
std::size_t true_firsts(const LabelledQueries& queries, std::span<const std::uint32_t> numbers);

}  // namespace pmatch
