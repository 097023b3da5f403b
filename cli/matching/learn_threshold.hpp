/// The threshold of a match, learned from a sample of left items whose pairs are known.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "core/matching/pairing.hpp"
#include "core/matching/threshold.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

struct SampleOptions {
    std::filesystem::path truth;
    std::vector<std::string> columns;
    std::optional<double> precision;  ///< wanted; unset: the best F1
};

/// `chosen` are pairs as they would be printed without a threshold. Every left item that `truth`
/// names is in the sample, with all of its true pairs; one without any has no match. Throws Error
/// when the sample is too small to learn from, or when the precision is never reached.
LearnedThreshold learn_threshold(std::span<const ScoredPair> chosen, const ItemNumbering& left,
                                 const ItemNumbering& right, const Truth& truth,
                                 const SampleOptions& options);

}  // namespace pmatch
