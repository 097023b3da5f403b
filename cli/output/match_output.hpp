/// Where the result of a match goes, in the format that was asked for.
#pragma once

#include <span>
#include <string>

#include "cli/matching/match.hpp"
#include "cli/output/pair_printer.hpp"
#include "data/items/items.hpp"

namespace pmatch::cli {

/// "match: 64 items; preset image; 320 candidate pairs, 3 groups of 8 items".
std::string match_summary(const MatchOptions& options, const MatchCounts& counts,
                          std::span<const ScoredPair> pairs, std::span<const Group> groups);

/// To the file, whole or not at all, or to stdout. `groups` count in the mode of this name, else
/// `pairs`; `items` are those of the groups.
void write_match(const MatchOptions& options, const Matched& matched,
                 std::span<const ScoredPair> pairs, std::span<const Group> groups,
                 const Items& items);

}  // namespace pmatch::cli
