/// Re-ranks a query's candidates with the linear model of a preset: reads the items, parses them
/// into records and scores the pairs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/engine/collection_source.hpp"
#include "core/ranking/recipe.hpp"
#include "core/rerank/match_record.hpp"
#include "core/rerank/reranker.hpp"

namespace pmatch {

/// Receives the features of all candidates.
class FeatureSink {
public:
    virtual ~FeatureSink() = default;
    /// Called once per query. `candidates` and `features` are in the same order.
    virtual void add(const std::vector<RankedItem>& candidates, FeatureRows features,
                     const std::vector<std::string>& names) = 0;
};

/// The names of a recipe's lists, in their order.
std::vector<std::string> list_names(const Recipe& recipe);

/// Thread-safe.
class CandidateReranker {
public:
    /// Computes document frequencies over at most 50,000 items of the catalog. `recipe` must have a
    /// model; it and the source must outlive this object.
    CandidateReranker(const CollectionSource& source, const Recipe& recipe,
                      const Execution& execution);

    /// Replaces the scores of each query's candidates (whose parts must hold the lists' results)
    /// and drops candidates that are not among the best `depth` of any list. Does not reorder.
    /// `features`: receives the features of all candidates; may be nullptr.
    void score(std::span<const Query* const> queries, std::span<std::vector<RankedItem>*> pools,
               int depth, FeatureSink* features, const Execution& execution) const;

private:
    using RecordPtr = std::shared_ptr<const MatchRecord>;
    using Records = std::unordered_map<std::int64_t, RecordPtr>;

    MatchText text_of(std::int64_t row) const;
    MatchText text_of(const Query& query) const;
    std::vector<MatchText> texts_of(std::span<const Query* const> queries) const;
    Records records_of(std::span<std::vector<RankedItem>*> pools, int threads) const;
    FeatureRows score_pool(RecordReader& reader, const MatchText& query,
                           std::vector<RankedItem>& pool, const Records& records) const;

    const ItemReader& items_;
    const RerankModel& model_;
    Reranker matcher_;
    std::vector<std::string> text_columns_;
    std::string title_column_;
    std::string price_column_;
    std::string mpn_column_;
    std::string brand_column_;
    std::string gtin_column_;
    TermCounts counts_;
    DecimalMarks item_marks_;
    mutable std::shared_mutex mutex_;
    mutable Records met_;  ///< cache of parsed items; guarded by mutex_
};

}  // namespace pmatch
