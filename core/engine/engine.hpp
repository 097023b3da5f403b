/// A collection that is open for queries: the library's face. Made once, asked by many threads at
/// the same time; what a request wants is said in the request alone.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/collection_source.hpp"
#include "core/engine/item_ids.hpp"
#include "core/engine/ranking_plan.hpp"
#include "core/engine/request.hpp"
#include "core/retrieval/lazy.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// For callers that go through many requests themselves.
struct AnswerOptions {
    int top = 10;
    bool odds = false;       ///< of a batch: scores are RankedItem::odds where a model has them
    bool rows_only = false;  ///< AnsweredQuery::ranked is all that is wanted
    FeatureSink* features = nullptr;  ///< who gets what a model weighs of every candidate
    std::stop_token cancelled = {};
};

class Engine {
public:
    /// `threads` of each request; 0 = as many as the process may use.
    explicit Engine(std::unique_ptr<const CollectionSource> source, int threads = 0);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Throws UsageError for a preset, field or condition that does not fit the collection, Error
    /// when a list of the recipe cannot be opened, Cancelled.
    Result answer(const Request& request) const;

    /// The request's ranking, checked: opens nothing heavy yet, an index and an encoder are loaded
    /// when the first query needs them. Throws UsageError as answer() does.
    RankingPlan plan(const RankingOptions& options, const Execution& execution) const;
    /// One answer list per query, in their order, at most `top` items each. With
    /// RankingOptions::batch all queries of a file must come in one call.
    Result answer(const RankingPlan& plan, const std::vector<Query>& queries,
                  const AnswerOptions& options, const Execution& execution) const;

    const CollectionSource& source() const { return *source_; }
    const ItemReader& items() const { return source_->items(); }
    std::string id_of(std::int64_t row) const { return ids_.of(row); }

    /// Opened by whoever asks for it first.
    const Retriever& retriever(const RetrieverId& id, const Execution& execution) const;
    /// The same for a list of a recipe. Throws Error with the command that mends it where the
    /// recipe compares every vector and the index does not.
    const Retriever& retriever(const Recipe& recipe, const ListSpec& spec, const RetrieverId& id,
                               const Execution& execution) const;
    /// Gives queries their captions; the collection has captions.
    void describe(std::vector<Query>& queries, const Asking& asking) const;

private:
    std::unique_ptr<const CollectionSource> source_;
    int threads_;
    SharedIds ids_;
    mutable LazyMap<RetrieverId, Retriever> retrievers_;
    mutable RecentMap<std::string, ServedPreset> presets_;
    mutable RecentMap<std::string, RowSet> conditions_;
    mutable Lazy<QueryDescriber> describer_;
    mutable std::mutex describing_;
};

}  // namespace pmatch
