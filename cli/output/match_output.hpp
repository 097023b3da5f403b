/// Writes the result of a match in the requested format.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/matching/match.hpp"
#include "cli/output/pair_printer.hpp"
#include "core/common/observer.hpp"
#include "data/items/items.hpp"

namespace pmatch::cli {

/// "match: 64 items; preset image; 320 candidate pairs, 3 groups of 8 items, the largest is group 2
/// with 4".
std::string match_summary(const MatchOptions& options, const MatchCounts& counts,
                          std::span<const ScoredPair> pairs, std::span<const Group> groups);

/// Names the group that hangs together by the longest chain; empty if none does.
std::optional<Notice> chain_warning(std::span<const Group> groups, const ItemNumbering& items);

/// Writes atomically to the file, or to stdout. `groups` are used in mode "groups", otherwise
/// `pairs`; `items` are those of the groups.
void write_match(const MatchOptions& options, const Matched& matched,
                 std::span<const ScoredPair> pairs, std::span<const Group> groups,
                 const Items& items);

}  // namespace pmatch::cli
