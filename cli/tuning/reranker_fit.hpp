/// A recipe with a model, tried with other weights: the features of all candidates are kept.
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

/// Memory: some 50 kB for a query with 150 candidates of 80 features.
class TuneMatcher {
public:
    /// `plan` has a model; all must outlive this.
    TuneMatcher(const Engine& engine, const TunePlan& plan, const TuneWork& work,
                const Execution& execution);

    /// Finds and scores the candidates of the block's queries.
    void add(const TuneBlock& block, const IdOfRow& id_of);
    /// After the last block.
    void finish();

    /// How the queries are answered by this recipe, which may have another model than the plan's.
    /// From many threads.
    RecipeResults results(const Recipe& recipe, const IdOfRow& id_of) const;

    /// The model, its weights fitted to these labelled queries and drawn towards what they were:
    /// most where all queries, labelled or not, say that the model depends on them (Fisher's
    /// information under the model as it was). From many threads.
    RerankModel adapted(std::span<const std::uint32_t> labelled) const;

    /// The model's odds, where it has any and all queries are asked, fitted to all labelled
    /// queries; one that is judged to have no item teaches "none of them".
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
    using Ranked = std::vector<std::vector<RankedItem>>;  ///< by query asked

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
    std::vector<Pool> pools_;  ///< by query asked, and so:
    std::vector<std::unordered_set<std::int64_t>> true_rows_;
    std::vector<std::vector<char>> right_;  ///< true candidates
    FitMatrix prior_;
};

}  // namespace pmatch
