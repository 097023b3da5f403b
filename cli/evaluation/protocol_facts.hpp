/// Collects the facts for core/metrics/protocol_lint.hpp in one pass over the queries.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "core/files/hash.hpp"
#include "core/metrics/protocol_lint.hpp"
#include "core/metrics/truth.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Memory: the queries' ids and two hashes each; for columns a sample of 2,000 queries and 500
/// items, whatever the sizes.
class ProtocolFactCollector {
public:
    /// For a stored run.
    ProtocolFactCollector(const Truth& truth, int largest_k);
    /// `text_columns` are the columns of the query file to compare. All arguments must outlive this
    /// object.
    ProtocolFactCollector(const Truth& truth, int largest_k, const Collection& collection,
                          const Items& items, std::vector<std::string> text_columns);

    /// Reads the query's pictures, if the collection has pictures.
    void add(const Query& query);
    /// For a run's answers to a query missing in the query file.
    void add_unasked(const std::string& query) { facts_.unasked_answers.add(query); }

    /// Scans the collection; call once after all queries.
    std::vector<LintWarning> finish();

private:
    /// Hashes of a query's text columns, 0 = absent, and its true items' rows.
    struct Sampled {
        std::vector<std::uint64_t> values;
        std::vector<std::int64_t> rows;
    };
    using Hashes = std::vector<std::pair<Hash128, std::string>>;  ///< and the query's id

    void sample(const Query& query);
    void find_unknown_items();
    Sample find_same(Hashes& hashes, const Source& source) const;
    void compare_columns();
    void read_indexes();

    const Truth& truth_;
    const Collection* collection_ = nullptr;
    const Items* items_ = nullptr;
    std::vector<std::string> text_columns_;
    ProtocolFacts facts_;
    std::unordered_set<std::string> asked_;
    Hashes texts_;
    Hashes pictures_;
    std::map<std::uint64_t, Sampled> samples_;  ///< by hashed query id; the smallest are kept
};

}  // namespace pmatch
