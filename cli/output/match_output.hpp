/// Writes the result of a match in the requested format.
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

/// Writes atomically to the file, or to stdout. `groups` are used in mode "groups", otherwise
/// `pairs`; `items` are those of the groups.
void write_match(const MatchOptions& options, const Matched& matched,
                 std::span<const ScoredPair> pairs, std::span<const Group> groups,
                 const Items& items);

}  // namespace pmatch::cli
