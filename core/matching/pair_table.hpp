/// All candidate pairs of a match with what each list said of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

/// What a list said of a pair.
struct PairPart {
    std::int32_t rank = kAbsent;  ///< from 1; 0 where only scores are looked at
    float raw = 0;

    static constexpr std::int32_t kAbsent = -1;  ///< the list has not got the pair
    bool present() const { return rank != kAbsent; }
};

/// 12 bytes a pair and 8 for each list.
class PairTable {
public:
    /// The number of the list of this name, made when it is new.
    std::size_t list(const std::string& name);
    const std::vector<std::string>& lists() const { return lists_; }

    /// To be followed by sort(), once.
    void add(const ScoredPair& pair);
    /// Of the pair added last.
    void say(std::size_t list, PairPart part);

    /// By left, then right. A pair that came twice, from two tables say, stays with its better
    /// score; what lists said of either stays.
    void sort();

    /// Gives left items their final numbers: `left[n]` for number n. Before sort().
    void renumber_left(std::span<const std::uint32_t> left);

    const std::vector<ScoredPair>& pairs() const { return pairs_; }
    std::vector<ScoredPair>& scores() { return pairs_; }  ///< for changes of the scores alone
    /// After sort().
    std::optional<std::size_t> find(std::uint32_t left, std::uint32_t right) const;
    PairPart part(std::size_t list, std::size_t pair) const { return parts_[list][pair]; }

    /// Adds another table's pairs; to be sorted again.
    void append(const PairTable& other);

private:
    std::vector<std::string> lists_;
    std::vector<ScoredPair> pairs_;
    std::vector<std::vector<PairPart>> parts_;  ///< by list, then by pair
};

/// Within one catalog a pair has two directions: both, each with the better score of the two, by
/// left, then right. Pairs of an item with itself are left out.
std::vector<ScoredPair> both_directions(std::span<const ScoredPair> pairs);

/// Every pair once, the smaller item left, with the better score; by left, then right.
std::vector<ScoredPair> one_direction(std::span<const ScoredPair> pairs);

/// What scores below `threshold` is left out; but an item that has no pair left keeps its best if
/// that scores `floor` or more. `pairs` by left, then right; so is the result.
std::vector<ScoredPair> with_at_least_one(std::span<const ScoredPair> pairs, float threshold,
                                          float floor);

/// Scores of several rankings on one scale: (score - threshold) / (top - threshold), where top is
/// 1 or the highest score, if that is more. 0 is the threshold, 1 the best there can be.
void scale_above(std::vector<ScoredPair>& pairs, float threshold);

}  // namespace pmatch
