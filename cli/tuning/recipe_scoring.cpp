#include "cli/tuning/recipe_scoring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "core/common/error.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kFewest = 20;

/// The K of "recall@5"; 1 for metrics without one.
int rank_of(const std::string& name) {
    const auto at = name.find('@');
    int k = 1;
    if (at == std::string::npos) return k;
    const auto* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + at + 1, end, k);
    return error == std::errc{} && stop == end && k >= 1 && k <= 10'000 ? k : 1;
}

/// A recipe's candidates for every query of the block; without --batch, its answers.
class Ranker {
public:
    Ranker(const TuneWork& work, const TunePlan& plan, const IdOfRow& id_of)
        : plan_(plan),
          id_of_(id_of),
          depth_(work.depth_of(plan.recipe)),
          options_(candidate_options(plan.recipe, work.wanted(), work.candidates())) {}

    std::vector<RankedItem> rank(const TuneBlock& block, std::size_t place) const {
        auto given = lists_of(block, place, plan_, depth_);
        if (!given) return {};
        return rank_lists(plan_.recipe, std::move(given->lists), options_, id_of_);
    }

private:
    const TunePlan& plan_;
    const IdOfRow& id_of_;
    int depth_;
    RankOptions options_;
};

void measure_one(const TuneWork& work, const TunePlan& plan, const TuneBlock& block,
                 const IdOfRow& id_of, RecipeResults& results) {
    const Ranker ranker(work, plan, id_of);
    TuneScorer scorer(work.truth, work.metric, work.queries, results);
    if (!work.batch) {
        for (std::size_t place = 0; place < block.queries.size(); ++place)
            scorer.add(block.queries[place], ranker.rank(block, place), id_of);
        return;
    }
    std::vector<Candidates> candidates;
    for (std::size_t place = 0; place < block.queries.size(); ++place) {
        auto& items = candidates.emplace_back(ranker.rank(block, place));
        for (auto& item : items)
            item.parts = {};  // the lists' contributions are no longer needed
    }
    score_in_batch(plan.recipe, candidates);
    RankOptions chosen;
    chosen.top = work.metric.top();
    for (std::size_t place = 0; place < block.queries.size(); ++place) {
        order_answers(candidates[place], plan.recipe, chosen, id_of);
        scorer.add(block.queries[place], candidates[place], id_of);
    }
}

}  // namespace

TuneMetric tune_metric(const std::string& name) {
    TuneMetric metric;
    metric.name = name;
    metric.columns.at = {rank_of(name)};
    if (metric.columns.at.front() != 1) metric.columns.at.push_back(1);
    const ScoreTable table(metric.columns);
    const auto* ratio = table.metric(name);
    if (ratio == nullptr) {
        throw UsageError{fmt::format("--metric {} is none that recipes are chosen by", name),
                         "give hit@K, recall@K, pair_recall@K, precision@K, ndcg@K, mrr, map, "
                         "map@r or r_precision"};
    }
    metric.ratio = *ratio;
    return metric;
}

TuneQueries tune_queries(std::vector<Query> queries, const Truth& truth, const TuneMetric& metric,
                         bool all, const std::string& truth_file) {
    TuneQueries result;
    Scorer scorer(truth, metric.columns);
    std::unordered_set<std::string> seen;
    std::size_t with_item = 0;
    for (auto& query : queries) {
        if (!seen.insert(query.id).second) continue;
        const bool labelled = truth.contains(query.id);
        if (!labelled && !all) continue;
        auto& label = result.label_of.emplace_back();
        if (labelled) {
            label = result.labelled.ids.size();
            result.asked_of.push_back(result.asked.size());
            const auto rows = scorer.table().size();
            scorer.add({query.id, {}, false});
            const bool has_item = scorer.table().size() > rows;
            double under = 0;
            for (const auto column : metric.ratio.under)
                under += has_item ? scorer.table().row(rows)[column] : 0;
            result.labelled.ids.push_back(query.id);
            result.labelled.under.push_back(under);
            result.labelled.has_item.push_back(has_item ? 1 : 0);
            with_item += has_item ? 1 : 0;
        }
        result.asked.push_back(std::move(query));
    }
    result.labelled.metric = metric.name;
    result.labelled.times = metric.ratio.times;
    if (with_item >= kFewest) return result;
    throw Error{fmt::format("{} of the queries have a true item in the truth file, fewer than the "
                            "{} that a recipe can be chosen by",
                            with_item, kFewest),
                truth_file,
                "label more queries, or name its columns: --truth-columns QUERY,ITEM[,GRADE]"};
}

TuneScorer::TuneScorer(const Truth& truth, const TuneMetric& metric, const TuneQueries& queries,
                       RecipeResults& results)
    : scorer_(truth, metric.columns),
      ratio_(metric.ratio),
      queries_(queries),
      results_(results),
      mrr_(*scorer_.table().column("mrr")),
      hit_(*scorer_.table().column("hit@1")) {}

void TuneScorer::add(std::size_t query, std::span<const RankedItem> ranked, const IdOfRow& id_of) {
    const auto label = queries_.label_of[query];
    if (!label) return;
    if (!ranked.empty()) results_.first[*label] = static_cast<float>(ranked.front().score);
    QueryAnswers answers{queries_.asked[query].id, {}, false};
    for (const auto& item : ranked)
        answers.answers.push_back({id_of(item.row), static_cast<float>(item.score)});
    const auto rows = scorer_.table().size();
    scorer_.add(answers);
    if (scorer_.table().size() == rows) return;  // it has no true item
    const auto row = scorer_.table().row(rows);
    results_.over[*label] = row[ratio_.over];
    results_.mrr[*label] = static_cast<float>(row[mrr_]);
    results_.correct[*label] = row[hit_] > 0 ? 1 : 0;
}

void measure(const TuneWork& work, std::span<const TunePlan> plans, const TuneBlock& block,
             const IdOfRow& id_of, std::vector<RecipeResults>& results, const Execution& execution,
             const std::function<void(std::size_t ranked)>& tell) {
    const int threads = execution.threads;
    const auto at_once = static_cast<std::size_t>(thread_count(threads)) * 4;
    for (std::size_t from = 0; from < plans.size(); from += at_once) {
        const auto count = std::min(at_once, plans.size() - from);
        const auto some = [&](std::size_t begin, std::size_t end) {
            for (auto i = from + begin; i < from + end; ++i)
                measure_one(work, plans[i], block, id_of, results[i]);
        };
        for_pieces(count, threads, some, 1);
        tell(count * block.queries.size());
    }
}

}  // namespace pmatch
