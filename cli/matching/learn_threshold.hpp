/// Learns the threshold of a match from a labelled sample of left items.
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
    std::optional<double> precision;  ///< target; unset: the best F1
};

/// `chosen` are the pairs that would be printed without a threshold. The sample consists of all
/// left items in `truth`, with all of their true pairs; those without any have no match. Throws
/// Error if the sample is too small, or if the precision is never reached.
LearnedThreshold learn_threshold(std::span<const ScoredPair> chosen, const ItemNumbering& left,
                                 const ItemNumbering& right, const Truth& truth,
                                 const SampleOptions& options);

}  // namespace pmatch
