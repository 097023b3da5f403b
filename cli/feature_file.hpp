/// The features of queries and candidates for a training script: one line of JSON,
/// {"columns": ["query", "row", feature…]}, then rows of little-endian float32. `query` is the
/// query's number in the order of the file, from 0; `row` the item's row in the collection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/query_feed.hpp"
#include "core/atomic_file.hpp"
#include "core/matcher.hpp"

namespace pmatch::cli {

class FeatureFile {
public:
    explicit FeatureFile(const std::filesystem::path& file) : file_(file) {}

    /// The next query. `candidates` and `features` have the same order.
    void add(const std::vector<RankedItem>& candidates, const FeatureRows& features,
             const std::vector<std::string>& names);
    void publish() { file_.publish(); }

private:
    AtomicFile file_;
    bool begun_ = false;
    std::size_t queries_ = 0;
};

}  // namespace pmatch::cli
