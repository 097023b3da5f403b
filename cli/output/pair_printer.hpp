/// Prints the result of a match, pairs or groups, with rank and score in each list.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "core/matching/grouping.hpp"
#include "core/matching/pair_table.hpp"

namespace pmatch::cli {

/// Receives the next bytes of the output.
using Write = std::function<void(std::string_view)>;

/// The index of a pair in the table; if both directions exist, of the one with the better score.
/// Empty if the pair is no candidate.
std::optional<std::size_t> place_of(const Matched& matched, std::uint32_t left,
                                    std::uint32_t right);

/// CSV: query,item,score, for each list its score and rank (empty if the list lacks the pair), the
/// margin over the runner-up (empty without one) and, if some pairs are for review, the verdict:
/// match or review.
void print_pairs_csv(const Matched& matched, std::span<const ScoredPair> pairs, const Write& write);
/// One object per line: {"query", "item", "score", "lists": {name: {"score", "rank"}}, "margin",
/// "verdict"}, the last two as above.
void print_pairs_jsonl(const Matched& matched, std::span<const ScoredPair> pairs,
                       const Write& write);

/// Groups come in the order of their numbers, members in ascending byte order of their ids. CSV:
/// group,item,medoid,score and the lists; score and lists are those of the pair with the medoid,
/// empty for the medoid and for members never compared with it.
void print_groups_csv(const Matched& matched, std::span<const Group> groups, const Write& write);
/// {"group", "medoid", "members": [{"item", "score", "lists"}]}.
void print_groups_jsonl(const Matched& matched, std::span<const Group> groups, const Write& write);

}  // namespace pmatch::cli
