/// Learns the minimum score of accepted pairs from judged pairs.
///
/// A threshold lies halfway between the lowest accepted and the highest rejected score, to leave a
/// margin on both sides. Equal scores are accepted or rejected together.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace pmatch {

struct JudgedPair {
    float score = 0;
    bool match = false;
};

/// A threshold and its results on the training pairs.
struct LearnedThreshold {
    float threshold = 0;  ///< pairs with at least this score are accepted
    std::size_t taken = 0;
    std::size_t right = 0;       ///< correct pairs among those accepted
    std::size_t true_pairs = 0;  ///< all true pairs, retrieved or not

    double precision() const;
    double recall() const;
    double f1() const;  ///< 2 right / (taken + true pairs)
};

/// The threshold with the best F1; of several, the highest. `true_pairs` includes those that are
/// not among `pairs`. Empty if there are no pairs.
std::optional<LearnedThreshold> best_f1_threshold(std::span<const JudgedPair> pairs,
                                                  std::size_t true_pairs);

/// The lowest threshold with a precision of at least `precision`, judged by the lower bound
/// wilson_interval_low(), so that a few lucky pairs do not suffice. Empty if there is none.
std::optional<LearnedThreshold> threshold_for_precision(std::span<const JudgedPair> pairs,
                                                        std::size_t true_pairs, double precision);

/// Lower bound of the 95 % Wilson interval of a proportion (Wilson: "Probable inference, the law of
/// succession, and statistical inference", 1927); 0 if `of` is 0.
double wilson_interval_low(std::size_t right, std::size_t of);

}  // namespace pmatch
