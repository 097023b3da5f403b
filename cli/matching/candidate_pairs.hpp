/// Retrieves the scored candidate pairs of left items with a preset.
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
    int top = 20;                     ///< answers per left item
    FeatureSink* features = nullptr;  ///< see AnswerOptions
    /// Prepended to the names of lists if several presets are used.
    std::string prefix;
};

struct GatheredPairs {
    PairTable table;                              ///< sorted
    std::vector<std::string> ids;                 ///< for a file: ids of the left items by number
    std::map<std::string, std::int64_t> presets;  ///< number of left items answered by each preset
    std::int64_t asked = 0;
    std::int64_t failed = 0;   ///< left items that could not be used
    std::int64_t nothing = 0;  ///< items of a collection without any input for the preset
};

/// With several presets a left item counts as failed if none could use it.
struct MatchCounts {
    std::int64_t asked = 0;
    std::int64_t failed = 0;
    std::int64_t nothing = 0;  ///< without any input
    std::int64_t candidates = 0;
    bool any = false;
    std::set<std::string> presets;  ///< that answered at least one

    void add(const GatheredPairs& gathered);
};

/// `left` is the collection to match, nullptr for a file: its items are numbered here, and repeated
/// ids fail. Problems are reported on stderr.
GatheredPairs gather_candidate_pairs(const Engine& engine, const RankingPlan& plan,
                                     const MatchQueries& feed, const ItemNumbering* left,
                                     const ItemNumbering& right, const GatherOptions& options,
                                     const Execution& execution);

}  // namespace pmatch
