/// The candidate pairs of a match with their rank and score in each list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

/// Rank and score of a pair in one list.
struct PairPart {
    std::int32_t rank = kAbsent;  ///< from 1; 0 if the list is used for scores only
    float raw = 0;

    static constexpr std::int32_t kAbsent = -1;  ///< the list does not contain the pair
    bool present() const { return rank != kAbsent; }
};

/// Memory: 12 bytes per pair, plus 8 per pair and list.
class PairTable {
public:
    /// The index of the named list, which is added if new.
    std::size_t list(const std::string& name);
    const std::vector<std::string>& lists() const { return lists_; }

    /// Requires one call of sort() after all additions.
    void add(const ScoredPair& pair);
    /// Sets the rank and score of the pair added last.
    void say(std::size_t list, PairPart part);

    /// Sorts by left, then right. Duplicate pairs, for example of two tables, are merged: the
    /// better score is kept, and the entries of all lists.
    void sort();

    /// Drops the pairs for which `drops[pair]` is set. Call after sort().
    void erase(const std::vector<bool>& drops);

    /// Renumbers left items: n becomes `left[n]`. Call before sort().
    void renumber_left(std::span<const std::uint32_t> left);

    const std::vector<ScoredPair>& pairs() const { return pairs_; }
    std::vector<ScoredPair>& scores() { return pairs_; }  ///< to change scores only
    /// The index of a pair. Call after sort().
    std::optional<std::size_t> find(std::uint32_t left, std::uint32_t right) const;
    PairPart part(std::size_t list, std::size_t pair) const { return parts_[list][pair]; }

    /// Adds another table's pairs; requires sort() again.
    void append(const PairTable& other);

private:
    std::vector<std::string> lists_;
    std::vector<ScoredPair> pairs_;
    std::vector<std::vector<PairPart>> parts_;  ///< [list][pair]
};

/// Pairs within one catalog in both directions, each with the better of the two scores, sorted by
/// left, then right. Drops pairs of an item with itself.
std::vector<ScoredPair> both_directions(std::span<const ScoredPair> pairs);

/// Every pair once, the smaller item left, with the better score; sorted by left, then right.
std::vector<ScoredPair> one_direction(std::span<const ScoredPair> pairs);

/// Drops pairs that score below `threshold`, except that an item without other pairs keeps its best
/// one if it scores at least `floor`. Input and result are sorted by left, then right.
std::vector<ScoredPair> with_at_least_one(std::span<const ScoredPair> pairs, float threshold,
                                          float floor);

/// Rescales the scores of several rankings to a common scale: (score - threshold) / (top -
/// threshold), where top is 1 or the highest score, if larger. 0 is the threshold, 1 the best
/// possible.
void scale_above(std::vector<ScoredPair>& pairs, float threshold);

}  // namespace pmatch
