/// Where the result of a match goes, in the format that was asked for.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "cli/gather_pairs.hpp"
#include "cli/match_job.hpp"
#include "cli/pair_printer.hpp"
#include "data/items.hpp"

namespace pmatch::cli {

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

/// "match: 64 items; preset image; 320 candidate pairs, 3 groups of 8 items".
std::string match_summary(const MatchOptions& options, const MatchCounts& counts,
                          std::span<const ScoredPair> pairs, std::span<const Group> groups);

/// To the file, whole or not at all, or to stdout. `groups` count in the mode of this name, else
/// `pairs`; `items` are those of the groups.
void write_match(const MatchOptions& options, const Matched& matched,
                 std::span<const ScoredPair> pairs, std::span<const Group> groups,
                 const Items& items);

}  // namespace pmatch::cli
