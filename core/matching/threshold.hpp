/// From which score on a pair is believed, learned from pairs that were judged.
///
/// A threshold lies halfway between the lowest score that it takes and the highest that it leaves,
/// so that new scores have room on both sides. Equal scores are taken or left together.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace pmatch {

struct JudgedPair {
    float score = 0;
    bool match = false;
};

/// A threshold and what it does to the pairs that it was learned from.
struct LearnedThreshold {
    float threshold = 0;  ///< pairs that score so much or more are taken
    std::size_t taken = 0;
    std::size_t right = 0;       ///< of those taken
    std::size_t true_pairs = 0;  ///< that there are, found by the search or not

    double precision() const;
    double recall() const;
    double f1() const;  ///< 2 right / (taken + true pairs)
};

/// The threshold of the best F1, of equal ones the highest. `true_pairs` counts those too that are
/// not among `pairs`. Nothing when there is no pair.
std::optional<LearnedThreshold> best_f1_threshold(std::span<const JudgedPair> pairs,
                                                  std::size_t true_pairs);

/// The lowest threshold of whose pairs at least the share `precision` is right: the lower end of
/// wilson_interval_low() holds it, so a few lucky pairs are not enough. Nothing when there is none.
std::optional<LearnedThreshold> threshold_for_precision(std::span<const JudgedPair> pairs,
                                                        std::size_t true_pairs, double precision);

/// The lower end of the 95 % interval of a share (Wilson: "Probable inference, the law of
/// succession, and statistical inference", 1927); 0 for none of none.
double wilson_interval_low(std::size_t right, std::size_t of);

}  // namespace pmatch
