/// From left items to the scored pairs of a preset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "cli/matching/match_queries.hpp"
#include "core/engine/engine.hpp"
#include "core/matching/pair_table.hpp"

namespace pmatch {

struct GatherOptions {
    int top = 20;                     ///< answers that are looked at for each left item
    FeatureSink* features = nullptr;  ///< as AnswerOptions has it
    /// Goes before the names of lists, where several presets are asked.
    std::string prefix;
};

struct GatheredPairs {
    PairTable table;                              ///< sorted
    std::vector<std::string> ids;                 ///< of a file: the left items by number
    std::map<std::string, std::int64_t> presets;  ///< how many left items each answered
    std::int64_t asked = 0;
    std::int64_t failed = 0;   ///< could not be used
    std::int64_t nothing = 0;  ///< items of a collection without anything that the preset compares
};

/// Of several presets a left item counts as failed when none could use it.
struct MatchCounts {
    std::int64_t asked = 0;
    std::int64_t failed = 0;
    std::int64_t nothing = 0;  ///< with nothing to compare
    std::int64_t candidates = 0;
    bool any = false;
    std::set<std::string> presets;  ///< that answered

    void add(const GatheredPairs& gathered);
};

/// `left` is the side of a collection that is matched, nullptr for a file: its items are numbered
/// here, and one whose id was there before fails. What cannot be used is said on stderr.
GatheredPairs gather_candidate_pairs(const Engine& engine, const RankingPlan& plan,
                                     const MatchQueries& feed, const ItemNumbering* left,
                                     const ItemNumbering& right, const GatherOptions& options,
                                     const Execution& execution);

}  // namespace pmatch
