/// Fits the weights of a recipe's re-ranker; the features of all candidates are kept in memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "cli/tuning/recipe_scoring.hpp"
#include "core/engine/candidate_reranker.hpp"
#include "core/engine/engine.hpp"
#include "core/rerank/listwise_fit.hpp"

namespace pmatch {

/// Memory: about 50 kB for a query with 150 candidates of 80 features.
class TuneMatcher {
public:
    /// `plan` must have a re-ranker; all arguments must outlive this object.
    TuneMatcher(const Engine& engine, const TunePlan& plan, const TuneWork& work,
                const Execution& execution);

    /// Retrieves the candidates of the block's queries and computes their features.
    void add(const TuneBlock& block, const IdOfRow& id_of);
    /// Call after the last block.
    void finish();

    /// Evaluates this recipe, which may have other weights than the plan's. Thread-safe.
    RecipeResults results(const Recipe& recipe, const IdOfRow& id_of) const;

    /// The model with weights fitted to these labelled queries, regularised towards the current
    /// weights: most strongly where all queries, labelled or not, show that the model depends on
    /// them (Fisher information under the current model). Thread-safe.
    RerankModel adapted(std::span<const std::uint32_t> labelled) const;

    /// Fits the model's odds to all labelled queries, if it has any and all queries are asked;
    /// queries judged to have no item are examples of "none of them".
    void adapt_odds(RerankModel& model) const;

    const Recipe& recipe() const { return plan_.recipe; }

private:
    /// Candidates of a query, in the order of their features.
    struct Pool {
        std::vector<std::int64_t> rows;
        FeatureRows features;
    };
    class Sink : public FeatureSink {
    public:
        void add(const std::vector<RankedItem>& candidates, FeatureRows features,
                 const std::vector<std::string>& names) override;
        std::vector<Pool> pools;
    };
    using Ranked = std::vector<std::vector<RankedItem>>;  ///< by index in the asked queries

    Ranked scored(const RerankModel& model) const;
    Ranked kept(const RerankModel& model) const;
    FitData data_of(std::span<const FitQuery> queries) const;
    std::unordered_set<std::int64_t> true_rows(std::size_t query) const;
    std::vector<char> right_of(std::size_t query, std::span<const std::int64_t> rows) const;
    void adapt_batch(RerankModel& model, std::span<const std::uint32_t> labelled) const;

    const Engine& engine_;
    const TunePlan& plan_;
    const TuneWork& work_;
    Sink sink_;
    Execution execution_;
    CandidateReranker reranker_;
    Reranker matcher_;
    std::vector<Pool> pools_;  ///< by index in the asked queries; likewise:
    std::vector<std::unordered_set<std::int64_t>> true_rows_;
    std::vector<std::vector<char>> right_;  ///< true candidates
    FitMatrix prior_;
};

}  // namespace pmatch
