/// Takes candidate pairs out that are no evidence of one product: variants, and pairs by a text
/// that many items share.
#pragma once

#include <optional>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "cli/matching/match.hpp"
#include "cli/matching/shared_evidence.hpp"
#include "cli/matching/variant_pairs.hpp"

namespace pmatch {

class PairEvidence {
public:
    /// Of the searched collection; everything must outlive this object.
    PairEvidence(const MatchOptions& options, const Collection& collection, const Items& items,
                 const ItemNumbering& numbers);

    /// `recipe` has answered; its lists are called with this prefix.
    void compared(const Recipe& recipe, const std::string& prefix);
    /// Takes out of the pairs, of which those below the threshold connect nothing.
    void take_out(PairTable& table, std::optional<float> threshold);

    /// Variants that were taken out; a pair may come several times.
    const std::vector<ScoredPair>& variants() const { return apart_; }
    void report(const Observer& observer) const;

private:
    const MatchOptions& options_;
    const Collection& collection_;
    const ItemNumbering& numbers_;
    ComparedParts compared_;
    std::optional<VariantPairs> finder_;  ///< if variants are kept apart
    std::vector<ScoredPair> apart_;
};

}  // namespace pmatch
