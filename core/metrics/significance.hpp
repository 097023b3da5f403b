/// Significance of the difference between two systems on the same queries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/score_table.hpp"

namespace pmatch {

struct RandomisationOptions {
    std::size_t rounds = 10'000;
    std::uint64_t seed = 1;
};

/// The two-sided p-value of the paired randomisation test (Fisher's; Smucker, Allan, Carterette, "A
/// comparison of statistical significance tests for information retrieval evaluation", 2007): in
/// every round each query's two results are swapped with probability 1/2; p is the fraction of
/// rounds, including the observed one, in which the metric differs at least as much as observed.
/// `ours` and `theirs` hold the components query by query in the same order: rows of ScoreTables
/// with equal columns.
double randomisation_p(const RatioMetric& metric, const ScoreTable& ours,
                       std::span<const std::uint32_t> our_queries, const ScoreTable& theirs,
                       std::span<const std::uint32_t> their_queries,
                       const RandomisationOptions& options = {});

}  // namespace pmatch
