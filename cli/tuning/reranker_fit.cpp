#include "cli/tuning/reranker_fit.hpp"

#include <algorithm>
#include <optional>

#include "cli/tuning/rerank_fit.hpp"

namespace pmatch {
namespace {

RankedItem item_of(std::int64_t row, double score) {
    RankedItem item;
    item.row = row;
    item.score = score;
    return item;
}

}  // namespace

void TuneMatcher::Sink::add(const std::vector<RankedItem>& candidates, FeatureRows features,
                            const std::vector<std::string>&) {
    auto& pool = pools.emplace_back();
    for (const auto& item : candidates)
        pool.rows.push_back(item.row);
    pool.features = std::move(features);
}

TuneMatcher::TuneMatcher(const Engine& engine, const TunePlan& plan, const TuneWork& work,
                         const Execution& execution)
    : engine_(engine),
      plan_(plan),
      work_(work),
      execution_(execution),
      reranker_(engine.source(), plan.recipe, execution),
      matcher_(*plan.recipe.rescore, list_names(plan.recipe)),
      pools_(work.queries.asked.size()) {}

void TuneMatcher::add(const TuneBlock& block, const IdOfRow& id_of) {
    const auto& recipe = plan_.recipe;
    const auto options = candidate_options(recipe, work_.wanted(), work_.candidates());
    std::vector<std::vector<RankedItem>> ranked(block.queries.size());
    std::vector<std::vector<RankedItem>*> pools;
    std::vector<const Query*> queries;
    for (std::size_t place = 0; place < block.queries.size(); ++place) {
        auto given = lists_of(block, place, plan_, work_.depth_of(recipe));
        if (given) ranked[place] = rank_lists(recipe, std::move(given->lists), options, id_of);
        pools.push_back(&ranked[place]);
        queries.push_back(&work_.queries.asked[block.queries[place]]);
    }
    reranker_.score(queries, pools, work_.metric.top(), &sink_, execution_);
    for (std::size_t place = 0; place < block.queries.size(); ++place)
        pools_[block.queries[place]] = std::move(sink_.pools[place]);
    sink_.pools.clear();
}

std::unordered_set<std::int64_t> TuneMatcher::true_rows(std::size_t query) const {
    std::unordered_set<std::int64_t> rows;
    const auto found = work_.truth.find(work_.queries.asked[query].id);
    if (found == work_.truth.end()) return rows;
    for (const auto& [item, grade] : found->second) {
        const auto row = grade > 0 ? engine_.items().row_of(item) : std::nullopt;
        if (row) rows.insert(*row);
    }
    return rows;
}

std::vector<char> TuneMatcher::right_of(std::size_t query,
                                        std::span<const std::int64_t> rows) const {
    std::vector<char> right(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        right[i] = true_rows_[query].contains(rows[i]) ? 1 : 0;
    return right;
}

FitData TuneMatcher::data_of(std::span<const FitQuery> queries) const {
    return {matcher_.feature_names().size(),
            fit_features(plan_.recipe.rescore->alone, matcher_.feature_names()),
            {queries.begin(), queries.end()}};
}

void TuneMatcher::finish() {
    std::vector<FitQuery> queries;
    for (std::size_t i = 0; i < pools_.size(); ++i) {
        true_rows_.push_back(true_rows(i));
        right_.push_back(right_of(i, pools_[i].rows));
    }
    for (std::size_t i = 0; i < pools_.size(); ++i)
        queries.push_back({pools_[i].features.values, right_[i]});
    prior_ = prior_of(data_of(queries), plan_.recipe.rescore->alone);
}

TuneMatcher::Ranked TuneMatcher::scored(const RerankModel& model) const {
    const Reranker matcher(model, list_names(plan_.recipe));
    Ranked ranked(pools_.size());
    for (std::size_t i = 0; i < pools_.size(); ++i) {
        const auto scores = matcher.scores(pools_[i].features);
        for (std::size_t n = 0; n < scores.size(); ++n)
            ranked[i].push_back(item_of(pools_[i].rows[n], scores[n]));
    }
    return ranked;
}

RecipeResults TuneMatcher::results(const Recipe& recipe, const IdOfRow& id_of) const {
    auto ranked = scored(*recipe.rescore);
    if (work_.batch) {
        const auto kept = kept_for_batch(plan_.recipe, work_.metric.top());
        for (auto& items : ranked)
            order_answers(items, plan_.recipe, kept, id_of);
        score_in_batch(recipe, ranked);
    }
    RecipeResults results(work_.queries.labelled.ids.size());
    TuneScorer scorer(work_.truth, work_.metric, work_.queries, results);
    RankOptions options;
    options.top = work_.metric.top();
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        order_answers(ranked[i], recipe, options, id_of);
        scorer.add(i, ranked[i], id_of);
    }
    return results;
}

RerankModel TuneMatcher::adapted(std::span<const std::uint32_t> labelled) const {
    std::vector<FitQuery> queries;
    for (const auto number : labelled) {
        const auto query = work_.queries.asked_of[number];
        queries.push_back({pools_[query].features.values, right_[query]});
    }
    auto model = *plan_.recipe.rescore;
    set_weights(model.alone, fit_listwise(data_of(queries), weights_of(model.alone), prior_));
    if (work_.batch) adapt_batch(model, labelled);
    return model;
}

/// The top candidates of each query, best first.
TuneMatcher::Ranked TuneMatcher::kept(const RerankModel& model) const {
    auto ranked = scored(model);
    const auto most = static_cast<std::size_t>(std::max(model.kept, work_.metric.top()));
    for (auto& items : ranked) {
        std::stable_sort(items.begin(), items.end(), [](const RankedItem& a, const RankedItem& b) {
            return a.score > b.score;
        });
        if (items.size() > most) items.resize(most);
    }
    return ranked;
}

/// Refits the batch stage: the scores by the new weights, relative to all queries.
void TuneMatcher::adapt_batch(RerankModel& model, std::span<const std::uint32_t> labelled) const {
    const auto ranked = kept(model);
    std::vector<std::vector<std::int64_t>> rows(ranked.size());
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        for (const auto& item : ranked[i])
            rows[i].push_back(item.row);
    }
    const auto features = batch_features(ranked);
    std::vector<std::vector<char>> right(ranked.size());
    std::vector<FitQuery> all;
    std::size_t at = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        right[i] = right_of(i, rows[i]);
        all.push_back({std::span(features.values)
                           .subspan(at * features.width, rows[i].size() * features.width),
                       right[i]});
        at += rows[i].size();
    }
    FitData data{features.width, fit_features(model.batch, batch_feature_names()), all};
    const auto prior = prior_of(data, model.batch);
    data.queries.clear();
    for (const auto number : labelled)
        data.queries.push_back(all[work_.queries.asked_of[number]]);
    set_weights(model.batch, fit_listwise(data, weights_of(model.batch), prior));
}

}  // namespace pmatch
