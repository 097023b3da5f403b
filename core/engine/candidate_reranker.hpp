/// Scores a query's candidates with the model of a preset: reads the items, cuts them, weighs.
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

/// Who wants the features that candidates are scored by.
class FeatureSink {
public:
    virtual ~FeatureSink() = default;
    /// The next query. `candidates` and `features` have the same order.
    virtual void add(const std::vector<RankedItem>& candidates, FeatureRows features,
                     const std::vector<std::string>& names) = 0;
};

/// The names of a recipe's lists, in their order.
std::vector<std::string> list_names(const Recipe& recipe);

/// Safe to use from many threads.
class CandidateReranker {
public:
    /// Counts the words of the catalog, of at most some ten thousand items. `recipe` has a model
    /// and, like the source, outlives this.
    CandidateReranker(const CollectionSource& source, const Recipe& recipe,
                      const Execution& execution);

    /// Replaces the scores of each query's candidates, from whose parts the lists are read, and
    /// drops those that no list has among its best `depth`. Orders are not changed. `features`:
    /// who gets the features of all candidates; nullptr = nobody.
    void score(std::span<const Query* const> queries, std::span<std::vector<RankedItem>*> pools,
               int depth, FeatureSink* features, const Execution& execution) const;

private:
    using RecordPtr = std::shared_ptr<const MatchRecord>;
    using Records = std::unordered_map<std::int64_t, RecordPtr>;

    MatchText text_of(std::int64_t row) const;
    MatchText text_of(const Query& query) const;
    Records records_of(std::span<std::vector<RankedItem>*> pools, int threads) const;
    FeatureRows score_pool(RecordReader& reader, const Query& query, std::vector<RankedItem>& pool,
                           const Records& records) const;

    const ItemReader& items_;
    const RerankModel& model_;
    Reranker matcher_;
    std::vector<std::string> text_columns_;
    std::string title_column_;
    std::string price_column_;
    std::string mpn_column_;
    std::string brand_column_;
    TermCounts counts_;
    mutable std::shared_mutex mutex_;
    mutable Records met_;  ///< items met so far; guarded by mutex_
};

}  // namespace pmatch
