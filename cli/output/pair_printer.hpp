/// The result of a match: pairs, or groups, with what each list said of them.
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

/// Takes the next bytes of the output.
using Write = std::function<void(std::string_view)>;

/// Evidence on a pair: its place in the table; of two directions that with the better score.
/// Nothing where the pair was never asked.
std::optional<std::size_t> place_of(const Matched& matched, std::uint32_t left,
                                    std::uint32_t right);

/// CSV: query,item,score and for each list its score and rank (empty = it has not got the pair).
void print_pairs_csv(const Matched& matched, std::span<const ScoredPair> pairs, const Write& write);
/// One object a line: {"query", "item", "score", "lists": {name: {"score", "rank"}}}.
void print_pairs_jsonl(const Matched& matched, std::span<const ScoredPair> pairs,
                       const Write& write);

/// Groups count from 1, members in ascending bytes of their ids. CSV: group,item,medoid,score and
/// the lists; score and evidence are of the pair with the medoid, empty for itself and for a
/// member that was never compared with it.
void print_groups_csv(const Matched& matched, std::span<const Group> groups, const Write& write);
/// {"group", "medoid", "members": [{"item", "score", "lists"}]}.
void print_groups_jsonl(const Matched& matched, std::span<const Group> groups, const Write& write);

}  // namespace pmatch::cli
