#include "core/tuning/recipe_selection.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/metrics/quality_gate.hpp"

namespace pmatch {
namespace {

/// Sums in a different order may differ by rounding.
constexpr double kEqual = 1e-12;

/// The 97.5 % quantile of Student's t distribution.
double student_t(std::size_t freedom) {
    constexpr std::array<double, 20> kQuantiles{
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
        2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860};
    if (freedom == 0) return 0;
    if (freedom <= kQuantiles.size()) return kQuantiles[freedom - 1];
    constexpr double kNormal = 1.959964;
    return kNormal + 2.4 / static_cast<double>(freedom);  // exact to 0.01 from here on
}

double mean_mrr(const RecipeResults& results, std::span<const std::uint32_t> numbers) {
    double sum = 0;
    for (const auto number : numbers)
        sum += results.mrr[number];
    return sum;
}

std::size_t best(const LabelledQueries& queries, const std::vector<CandidateRecipe>& contenders,
                 std::size_t start, std::size_t split, std::span<const std::uint32_t> numbers) {
    std::size_t found = start;
    const auto judge = [&](std::size_t contender) {
        const auto& results = contenders[contender].seen_in(split);
        return std::pair{metric_of(queries, results, numbers), mean_mrr(results, numbers)};
    };
    auto highest = judge(start);
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        if (i == start) continue;
        const auto value = judge(i);
        const double more = value.first - highest.first;
        if (more > kEqual || (more >= -kEqual && value.second > highest.second + kEqual)) {
            highest = value;
            found = i;
        }
    }
    return found;
}

/// Rows for randomisation_p() of a metric of which only numerator and denominator are known.
class PairedRows {
public:
    PairedRows() : table_(ScoreColumns{{1}, std::nullopt}) {}

    void add(const std::string& query, double over, double under) {
        std::vector<double> row(table_.columns().size());
        row[kOver] = over;
        row[kUnder] = under;
        table_.add(query, row);
    }
    const ScoreTable& table() const { return table_; }
    static RatioMetric metric() { return {"metric", kOver, {kUnder}, 1}; }

private:
    static constexpr std::size_t kUnder = 0;
    static constexpr std::size_t kOver = 1;
    ScoreTable table_;
};

double p_of_gain(const LabelledQueries& queries, const std::vector<CandidateRecipe>& contenders,
                 std::size_t start, const std::vector<TrainTestSplit>& splits,
                 const RecipeChoice& choice, const RandomisationOptions& options) {
    const auto count = queries.ids.size();
    std::vector<double> ours(count);
    std::vector<double> theirs(count);
    std::vector<double> times(count);
    for (std::size_t split = 0; split < splits.size(); ++split) {
        const auto& chosen = contenders[choice.splits[split].contender].judged_in(split);
        const auto& before = contenders[start].judged_in(split);
        for (const auto number : splits[split].held_out) {
            ours[number] += chosen.over[number];
            theirs[number] += before.over[number];
            ++times[number];
        }
    }
    PairedRows our_rows;
    PairedRows their_rows;
    for (std::size_t i = 0; i < count; ++i) {
        if (times[i] == 0) continue;
        our_rows.add(queries.ids[i], ours[i] / times[i], queries.under[i]);
        their_rows.add(queries.ids[i], theirs[i] / times[i], queries.under[i]);
    }
    return randomisation_p(PairedRows::metric(), our_rows.table(), our_rows.table().all(),
                           their_rows.table(), their_rows.table().all(), options);
}

}  // namespace

RecipeResults::RecipeResults(std::size_t queries)
    : over(queries),
      mrr(queries),
      first(queries, -std::numeric_limits<float>::infinity()),
      correct(queries) {}

bool RecipeChoice::is_gain() const {
    return gain.mean > 0 && p < kSignificant;
}

double metric_of(const LabelledQueries& queries, const RecipeResults& results,
                 std::span<const std::uint32_t> numbers) {
    double over = 0;
    double under = 0;
    for (const auto number : numbers) {
        over += results.over[number];
        under += queries.under[number];
    }
    return under > 0 ? queries.times * over / under : 0;
}

MeanOverSplits mean_over_splits(std::span<const double> values) {
    if (values.empty()) return {};
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    if (values.size() < 2) return {mean, 0};
    return {mean, student_t(values.size() - 1) * std::sqrt(squares / (count - 1) / count)};
}

RecipeChoice choose_recipe(const LabelledQueries& queries,
                           const std::vector<CandidateRecipe>& contenders, std::size_t start,
                           const std::vector<TrainTestSplit>& splits,
                           const RandomisationOptions& options) {
    RecipeChoice choice;
    std::vector<double> before;
    std::vector<double> after;
    std::vector<double> gain;
    for (std::size_t split = 0; split < splits.size(); ++split) {
        const auto& [train, held_out] = splits[split];
        SplitChoice one;
        one.contender = best(queries, contenders, start, split, train);
        const auto& chosen = contenders[one.contender];
        const auto& old = contenders[start];
        one.train = {metric_of(queries, old.seen_in(split), train),
                     metric_of(queries, chosen.seen_in(split), train)};
        one.held_out = {metric_of(queries, old.judged_in(split), held_out),
                        metric_of(queries, chosen.judged_in(split), held_out)};
        before.push_back(one.held_out.start);
        after.push_back(one.held_out.chosen);
        gain.push_back(one.held_out.chosen - one.held_out.start);
        choice.splits.push_back(one);
    }
    QueryNumbers all(queries.ids.size());
    std::iota(all.begin(), all.end(), 0U);
    choice.contender = best(queries, contenders, start, splits.size(), all);
    choice.all = {metric_of(queries, contenders[start].judged_in(splits.size()), all),
                  metric_of(queries, contenders[choice.contender].judged_in(splits.size()), all)};
    choice.start = mean_over_splits(before);
    choice.chosen = mean_over_splits(after);
    choice.gain = mean_over_splits(gain);
    choice.p = p_of_gain(queries, contenders, start, splits, choice, options);
    return choice;
}

std::vector<JudgedPair> first_answers(const RecipeResults& results,
                                      std::span<const std::uint32_t> numbers) {
    std::vector<JudgedPair> pairs;
    for (const auto number : numbers) {
        if (std::isfinite(results.first[number]))
            pairs.push_back({results.first[number], results.correct[number] != 0});
    }
    return pairs;
}

std::size_t true_firsts(const LabelledQueries& queries, std::span<const std::uint32_t> numbers) {
    std::size_t count = 0;
    for (const auto number : numbers)
        count += queries.has_item[number] != 0 ? 1 : 0;
    return count;
}

}  // namespace pmatch
