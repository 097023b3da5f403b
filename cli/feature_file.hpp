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

/// Who wants the features that candidates are scored by.
class FeatureSink {
public:
    virtual ~FeatureSink() = default;
    /// The next query. `candidates` and `features` have the same order.
    virtual void add(const std::vector<RankedItem>& candidates, FeatureRows features,
                     const std::vector<std::string>& names) = 0;
};

class FeatureFile : public FeatureSink {
public:
    explicit FeatureFile(const std::filesystem::path& file) : file_(file) {}

    void add(const std::vector<RankedItem>& candidates, FeatureRows features,
             const std::vector<std::string>& names) override;
    void publish() { file_.publish(); }

private:
    AtomicFile file_;
    bool begun_ = false;
    std::size_t queries_ = 0;
};

}  // namespace pmatch::cli
