/// Learns the minimum score of answers from the first answers to labelled queries.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/tuning/tune_report.hpp"

namespace pmatch {

struct ThresholdWanted {
    std::optional<double> precision;  ///< unset: the best F1

    std::string text() const;
};

/// Parses "f1" or "precision=.95"; unset for an empty text; throws UsageError for others.
std::optional<ThresholdWanted> threshold_wanted(const std::string& text);

/// Per split, learned on the training half with the recipe chosen there (the start recipe if there
/// is no gain) and evaluated on the held-out half; the final threshold is learned on all queries.
/// Throws Error if the precision is never reached on all.
TuneThreshold tune_threshold(const ThresholdWanted& wanted, const LabelledQueries& queries,
                             const std::vector<CandidateRecipe>& contenders,
                             const RecipeChoice& choice, const std::vector<TrainTestSplit>& splits,
                             const std::string& truth_file);

}  // namespace pmatch
