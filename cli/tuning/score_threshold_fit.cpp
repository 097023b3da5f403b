#include "cli/tuning/score_threshold_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/common/error.hpp"
#include "data/formats/parse_number.hpp"

namespace pmatch {
namespace {

std::optional<LearnedThreshold> learn(const ThresholdWanted& wanted, const LabelledQueries& queries,
                                      const RecipeResults& results,
                                      std::span<const std::uint32_t> numbers) {
    const auto pairs = first_answers(results, numbers);
    const auto all = true_firsts(queries, numbers);
    return wanted.precision ? threshold_for_precision(pairs, all, *wanted.precision)
                            : best_f1_threshold(pairs, all);
}

/// Evaluates a threshold on answers it was not learned from.
LearnedThreshold judge(float threshold, const LabelledQueries& queries,
                       const RecipeResults& results, std::span<const std::uint32_t> numbers) {
    LearnedThreshold judged;
    judged.threshold = threshold;
    judged.true_pairs = true_firsts(queries, numbers);
    for (const auto& [score, match] : first_answers(results, numbers)) {
        if (score < threshold) continue;
        ++judged.taken;
        judged.right += match ? 1 : 0;
    }
    return judged;
}

}  // namespace

std::string ThresholdWanted::text() const {
    return precision ? fmt::format("precision {}", *precision) : "best F1";
}

std::optional<ThresholdWanted> threshold_wanted(const std::string& text) {
    if (text.empty()) return std::nullopt;
    if (text == "f1") return ThresholdWanted{};
    constexpr std::string_view kPrecision = "precision=";
    if (text.starts_with(kPrecision)) {
        const auto value = parse_number(text.substr(kPrecision.size()));
        if (value && *value > 0 && *value < 1) return ThresholdWanted{*value};
    }
    throw UsageError{fmt::format("--threshold {} is neither f1 nor precision=P", text),
                     "write --threshold f1, or --threshold precision=.95"};
}

TuneThreshold tune_threshold(const ThresholdWanted& wanted, const LabelledQueries& queries,
                             const std::vector<CandidateRecipe>& contenders,
                             const RecipeChoice& choice, const std::vector<TrainTestSplit>& splits,
                             const std::string& truth_file) {
    std::vector<double> precision;
    std::vector<double> recall;
    std::vector<double> f1;
    for (std::size_t split = 0; split < splits.size(); ++split) {
        const auto& used = contenders[choice.is_gain() ? choice.splits[split].contender : 0];
        const auto learned = learn(wanted, queries, used.seen_in(split), splits[split].train);
        if (!learned) continue;
        const auto judged =
            judge(learned->threshold, queries, used.judged_in(split), splits[split].held_out);
        if (judged.taken > 0) precision.push_back(judged.precision());
        recall.push_back(judged.recall());
        f1.push_back(judged.f1());
    }
    QueryNumbers all(queries.ids.size());
    std::iota(all.begin(), all.end(), 0U);
    const auto& final_one = contenders[choice.is_gain() ? choice.contender : 0];
    const auto learned = learn(wanted, queries, final_one.seen_in(splits.size()), all);
    if (!learned || f1.empty()) {
        throw Error{
            fmt::format("no threshold has what was asked for on {} the labelled queries: {}",
                        learned ? "half of" : "all", wanted.text()),
            truth_file, "label more queries, ask for less, or leave --threshold out"};
    }
    return {wanted.text(), learned->threshold, mean_over_splits(precision),
            mean_over_splits(recall), mean_over_splits(f1)};
}

}  // namespace pmatch
