/// Features of candidates for a training script: one line of JSON, {"columns": ["query", "row",
/// feature…]}, then rows of little-endian float32. `query` is the query's index in the file, from
/// 0; `row` the item's row in the collection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/candidate_reranker.hpp"
#include "core/engine/ranking_plan.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

/// Created for the first query with scored candidates; if there is none, no file is written.
class FeatureFile : public FeatureSink {
public:
    explicit FeatureFile(std::filesystem::path path) : path_(std::move(path)) {}

    void add(const std::vector<RankedItem>& candidates, FeatureRows features,
             const std::vector<std::string>& names) override;
    void publish() {
        if (file_) file_->publish();
    }

private:
    std::filesystem::path path_;
    std::optional<AtomicFile> file_;
    std::size_t queries_ = 0;
};

/// Throws UsageError if no recipe of the preset has a re-ranker.
void check_has_model(const RankingPlan& plan);

}  // namespace pmatch
