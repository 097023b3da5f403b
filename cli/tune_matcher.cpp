#include "cli/tune_matcher.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "cli/tune_fit.hpp"

namespace pmatch::cli {
namespace {

std::vector<std::string> list_names(const Recipe& recipe) {
    std::vector<std::string> names;
    for (const auto& list : recipe.lists)
        names.push_back(list.name);
    return names;
}

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

TuneMatcher::TuneMatcher(const Collection& collection, const Items& items, const TunePlan& plan,
                         const TuneWork& work, Context& context)
    : items_(items),
      plan_(plan),
      work_(work),
      rescorer_(collection, items, plan.recipe, &sink_, context),
      matcher_(*plan.recipe.rescore, list_names(plan.recipe)),
      pools_(work.queries.asked.size()) {}

void TuneMatcher::add(const TuneBlock& block, const IdOfRow& id_of) {
    RankOptions options;
    options.top = std::numeric_limits<int>::max();
    options.min_score = std::numeric_limits<double>::lowest();
    options.candidates = work_.candidates();
    std::vector<std::vector<RankedItem>> ranked(block.queries.size());
    std::vector<std::vector<RankedItem>*> pools;
    std::vector<const Query*> queries;
    for (std::size_t place = 0; place < block.queries.size(); ++place) {
        auto lists = hits_of(block, place, plan_, work_.depth_of(plan_.recipe));
        if (lists) ranked[place] = rank_lists(plan_.recipe, std::move(*lists), options, id_of);
        pools.push_back(&ranked[place]);
        queries.push_back(&work_.queries.asked[block.queries[place]]);
    }
    rescorer_.score(queries, pools, work_.metric.top());
    for (std::size_t place = 0; place < block.queries.size(); ++place)
        pools_[block.queries[place]] = std::move(sink_.pools[place]);
    sink_.pools.clear();
}

std::unordered_set<std::int64_t> TuneMatcher::true_rows(std::size_t query) const {
    std::unordered_set<std::int64_t> rows;
    const auto found = work_.truth.find(work_.queries.asked[query].id);
    if (found == work_.truth.end()) return rows;
    for (const auto& [item, grade] : found->second) {
        const auto row = grade > 0 ? items_.row_of(item) : std::nullopt;
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

TuneMatcher::Ranked TuneMatcher::scored(const MatcherModel& model) const {
    const Matcher matcher(model, list_names(plan_.recipe));
    Ranked ranked(pools_.size());
    for (std::size_t i = 0; i < pools_.size(); ++i) {
        const auto scores = matcher.scores(pools_[i].features);
        for (std::size_t n = 0; n < scores.size(); ++n)
            ranked[i].push_back(item_of(pools_[i].rows[n], scores[n]));
    }
    return ranked;
}

/// As the query engine does before the queries are compared in return.
void TuneMatcher::keep_for_batch(Ranked& ranked, const IdOfRow& id_of) const {
    RankOptions options;
    options.top = std::max(plan_.recipe.rescore->kept, work_.metric.top());
    options.min_score = std::numeric_limits<double>::lowest();
    for (auto& items : ranked)
        order_answers(items, plan_.recipe, options, id_of);
}

RecipeResults TuneMatcher::results(const Recipe& recipe, const IdOfRow& id_of) const {
    auto ranked = scored(*recipe.rescore);
    if (work_.batch) {
        keep_for_batch(ranked, id_of);
        score_in_return(*recipe.rescore, ranked);
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

MatcherModel TuneMatcher::adapted(std::span<const std::uint32_t> labelled) const {
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

/// The best of each query, best first.
TuneMatcher::Ranked TuneMatcher::kept(const MatcherModel& model) const {
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

/// The scores by the new weights, and how they stand among all queries.
void TuneMatcher::adapt_batch(MatcherModel& model, std::span<const std::uint32_t> labelled) const {
    const auto ranked = kept(model);
    std::vector<std::vector<std::int64_t>> rows(ranked.size());
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        for (const auto& item : ranked[i])
            rows[i].push_back(item.row);
    }
    const auto features = return_features(ranked);
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
    FitData data{features.width, fit_features(model.batch, return_feature_names()), all};
    const auto prior = prior_of(data, model.batch);
    data.queries.clear();
    for (const auto number : labelled)
        data.queries.push_back(all[work_.queries.asked_of[number]]);
    set_weights(model.batch, fit_listwise(data, weights_of(model.batch), prior));
}

}  // namespace pmatch::cli
