/// TrainTestSplit of labelled queries that share nothing: one to learn from, one to judge.
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

/// Queries that share a true item, or are linked by others that do, have the same number: the
/// connected components of the graph of queries and true items, numbered from 0 in the order of
/// their first query. A query without a true item is a group of its own.
std::vector<std::uint32_t> truth_groups(std::span<const std::string> queries, const Truth& truth);

/// Whole groups in an order drawn from `seed`, each into the smaller half. `groups[i]` is the
/// group of number `among[i]`.
TrainTestSplit split_halves(std::span<const std::uint32_t> groups, const QueryNumbers& among,
                            std::uint64_t seed);

}  // namespace pmatch
