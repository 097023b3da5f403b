/// From which score on an answer is given, learned from the first answers to labelled queries.
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

/// Of "f1" or "precision=.95"; nothing for an empty text, UsageError for others.
std::optional<ThresholdWanted> threshold_wanted(const std::string& text);

/// Learned on each training half with what was chosen there (with the start, when that is no
/// gain), judged on the other half; the one that is written, on all. Throws Error when the
/// precision is never reached on all.
TuneThreshold tune_threshold(const ThresholdWanted& wanted, const LabelledQueries& queries,
                             const std::vector<CandidateRecipe>& contenders,
                             const RecipeChoice& choice, const std::vector<TrainTestSplit>& splits,
                             const std::string& truth_file);

}  // namespace pmatch
