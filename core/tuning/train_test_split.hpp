/// Train/test split of labelled queries without leakage: both halves share no items.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/metrics/score_table.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

struct TrainTestSplit {
    QueryNumbers train;     ///< ascending
    QueryNumbers held_out;  ///< the others, ascending
};

/// Queries that share a true item, directly or via other queries, get the same number: the
/// connected components of the graph of queries and true items, numbered from 0 in the order of
/// their first query. A query without a true item is its own group.
std::vector<std::uint32_t> truth_groups(std::span<const std::string> queries, const Truth& truth);

/// Assigns whole groups, in an order shuffled by `seed`, to the currently smaller half. `groups[i]`
/// is the group of query `among[i]`.
TrainTestSplit split_halves(std::span<const std::uint32_t> groups, const QueryNumbers& among,
                            std::uint64_t seed);

}  // namespace pmatch
