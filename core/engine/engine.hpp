/// A collection open for queries: the library's main class. Created once and used by many threads
/// at the same time; each request carries all its options.
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

/// For callers that process many requests themselves.
struct AnswerOptions {
    int top = 10;
    bool odds = false;  ///< in batch mode, scores are RankedItem::odds if the model provides them
    bool rows_only = false;           ///< only AnsweredQuery::ranked is needed
    FeatureSink* features = nullptr;  ///< receives the re-ranker's features of all candidates
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

    /// Validates the ranking options. Loads nothing heavy: indexes and encoders are loaded when the
    /// first query needs them. Throws UsageError as answer() does.
    RankingPlan plan(const RankingOptions& options, const Execution& execution) const;
    /// One answer list per query, in their order, at most `top` items each. With
    /// RankingOptions::batch all queries of a file must come in one call.
    Result answer(const RankingPlan& plan, const std::vector<Query>& queries,
                  const AnswerOptions& options, const Execution& execution) const;

    const CollectionSource& source() const { return *source_; }
    const ItemReader& items() const { return source_->items(); }
    std::string id_of(std::int64_t row) const { return ids_.of(row); }

    /// Opened by the first caller.
    const Retriever& retriever(const RetrieverId& id, const Execution& execution) const;
    /// The same for a list of a recipe. Throws Error with the command that fixes it if the recipe
    /// requires exact search and the index is approximate.
    const Retriever& retriever(const Recipe& recipe, const ListSpec& spec, const RetrieverId& id,
                               const Execution& execution) const;
    /// Adds captions to the queries; the collection must have such captions.
    void describe(std::vector<Query>& queries, const Source& captions, const Asking& asking) const;

private:
    /// Adds the rows for which the plan's condition holds, and what there is to say of them.
    void restrict_to_where(RankingPlan& plan, const Observer& observer) const;

    std::unique_ptr<const CollectionSource> source_;
    int threads_;
    SharedIds ids_;
    mutable LazyMap<RetrieverId, Retriever> retrievers_;
    mutable RecentMap<std::string, ServedPreset> presets_;
    mutable RecentMap<std::string, FilteredRows> conditions_;
    mutable LazyMap<std::string, QueryDescriber> describers_;  ///< by Source::name()
    mutable std::mutex describing_;
};

}  // namespace pmatch
