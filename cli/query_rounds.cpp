/// The second half of the query engine: from a recipe's lists to answers.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/query_round.hpp"
#include "cli/stopwatch.hpp"
#include "core/rank_in_return.hpp"

namespace pmatch::cli {
namespace {

constexpr std::int64_t kHitsInMemory = std::int64_t{1} << 22U;  // 16 bytes each
constexpr int kGrowth = 4;

/// A query may be asked again, deeper: its lists may hold more than they gave.
bool may_have_more(const std::vector<std::vector<Neighbour>>& lists, int depth) {
    return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
        return list.size() >= static_cast<std::size_t>(depth);
    });
}

}  // namespace

void QueryEngine::answer_by(const ResolvedRecipe& choice, const std::vector<Query>& queries,
                            const Numbers& which, int top, std::vector<AnsweredQuery>& answered) {
    auto lists = ask(choice, queries, which);
    std::int64_t widest = 1;
    for (const auto& one : lists) {
        if (one.search != nullptr) widest = std::max(widest, one.search->count());
    }
    const int candidates = options_.batch ? std::max(top, kBatchCandidates) : top;
    Round round{choice, queries, lists, top, candidates};
    for (auto pending = which; !pending.empty();) {
        const std::int64_t depth = list_depth(choice.recipe.fusion, round.candidates);
        const auto hits = choice.recipe.wants_complete_lists() ? widest : std::min(widest, depth);
        const auto at_once = static_cast<std::size_t>(std::max<std::int64_t>(
            1, kHitsInMemory / (hits * static_cast<std::int64_t>(lists.size()))));
        Numbers again;
        for (std::size_t start = 0; start < pending.size(); start += at_once) {
            const auto block =
                std::span(pending).subspan(start, std::min(at_once, pending.size() - start));
            const auto unfinished = answer_block(round, block, answered);
            again.insert(again.end(), unfinished.begin(), unfinished.end());
        }
        pending = std::move(again);
        round.candidates = static_cast<int>(
            std::min<std::int64_t>(std::int64_t{round.candidates} * kGrowth, items_.count() + 1));
    }
    if (options_.batch) answer_in_return(choice.recipe, which, top, answered);
}

/// All candidates are there: the items rank the queries, then the answers are chosen.
void QueryEngine::answer_in_return(const Recipe& recipe, const Numbers& which, int top,
                                   std::vector<AnsweredQuery>& answered) {
    const Stopwatch watch;
    std::vector<Candidates> candidates;
    for (const auto number : which)
        candidates.push_back(std::move(answered[number].ranked));
    if (recipe.rescore) {
        score_in_return(*recipe.rescore, candidates);
    } else {
        rank_in_return(candidates, kReturnWeight);
    }
    auto options = rank_options(recipe, top);
    const bool by_odds = options_.odds && recipe.rescore && !recipe.rescore->odds.empty();
    if (by_odds && !options.min_score)  // the recipe's is of another score
        options.min_score = std::numeric_limits<double>::lowest();
    for (std::size_t i = 0; i < which.size(); ++i) {
        auto& one = answered[which[i]];
        one.ranked = std::move(candidates[i]);
        if (by_odds) {
            for (auto& item : one.ranked)
                item.score = item.odds;
        }
        order_answers(one.ranked, recipe, options, id_getter());
    }
    context_.console.detail(fmt::format("query: preset {}: {} queries: rank in return {:.2f} ms",
                                        recipe.name, which.size(), watch.milliseconds()));
}

RankOptions QueryEngine::rank_options(const Recipe& recipe, int top) const {
    RankOptions options;
    options.top = top;
    options.min_score = options_.min_score;
    const auto& field = options_.collapse.empty() ? recipe.collapse : options_.collapse;
    if (!field.empty()) {
        options.group_of = [this, field](std::int64_t row) { return cell_of(row, field); };
    }
    return options;
}

/// Asks every list of the recipe for the block's queries.
std::vector<QueryEngine::Retrieved> QueryEngine::retrieve(const Round& round,
                                                          std::span<const std::size_t> block,
                                                          const ListWanted& wanted) {
    const auto& specs = round.choice.recipe.lists;
    std::vector<Retrieved> retrieved(block.size());
    for (auto& one : retrieved)
        one.lists.resize(specs.size());
    for (std::size_t l = 0; l < specs.size(); ++l) {
        for (auto& [at, result] : search_block(round.lists[l], block, wanted)) {
            auto& one = retrieved[at];
            one.lists[l] = std::move(result.found);
            if (result.problem.code.empty()) continue;
            one.problem = std::move(result.problem);
            if (one.lists[l].empty() && specs[l].required) one.lost = true;
        }
    }
    return retrieved;
}

/// Those of the block that need deeper lists for as many answers as are wanted.
QueryEngine::Numbers QueryEngine::answer_block(const Round& round,
                                               std::span<const std::size_t> block,
                                               std::vector<AnsweredQuery>& answered) {
    const auto& recipe = round.choice.recipe;
    const int depth = list_depth(recipe.fusion, round.candidates) + (options_.exclude_self ? 1 : 0);
    const ListWanted wanted{depth, recipe.wants_complete_lists()};
    auto retrieved = retrieve(round, block, wanted);
    const Stopwatch watch;
    RankOptions options;
    if (options_.batch || recipe.rescore) {  // candidates first; what scores them chooses
        options.top = recipe.rescore ? std::numeric_limits<int>::max() : depth;
        options.min_score = std::numeric_limits<double>::lowest();
    } else {
        options = rank_options(recipe, round.top);
    }
    options.candidates = round.candidates;
    const bool may_repeat = !options_.batch && rank_options(recipe, round.top).group_of &&
                            !wanted.complete && round.candidates < items_.count();
    std::vector<bool> deeper(block.size());
    for (std::size_t i = 0; i < block.size(); ++i) {
        auto& one = retrieved[i];
        deeper[i] = may_repeat && may_have_more(one.lists, depth);
        options.exclude.reset();
        if (options_.exclude_self) options.exclude = row_of(round.queries[block[i]]);
        rank_one(recipe, std::move(one), options, answered[block[i]]);
    }
    if (recipe.rescore) rescore(round, block, answered);
    Numbers again;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto& one = answered[block[i]];
        const auto top = static_cast<std::size_t>(round.top);
        if (deeper[i] && !one.result.failed && one.ranked.size() < top) again.push_back(block[i]);
    }
    context_.console.detail(fmt::format("query: preset {}: {} queries: fuse {:.2f} ms", recipe.name,
                                        block.size(), watch.milliseconds()));
    return again;
}

void QueryEngine::rank_one(const Recipe& recipe, Retrieved retrieved, const RankOptions& options,
                           AnsweredQuery& answered) {
    auto& [result, problem, ranked, used] = answered;
    problem = std::move(retrieved.problem);
    const bool empty = std::all_of(retrieved.lists.begin(), retrieved.lists.end(),
                                   [](const auto& list) { return list.empty(); });
    // A query with several pictures is answered by those that could be read.
    result.failed = !problem.code.empty() && (empty || retrieved.lost);
    if (result.failed) return;
    ranked = rank_lists(recipe, std::move(retrieved.lists), options, id_getter());
}

/// The item that the query is, or that has its id.
std::optional<std::int64_t> QueryEngine::row_of(const Query& query) const {
    return query.row >= 0 ? query.row : items_.row_of(query.id);
}

Rescorer& QueryEngine::rescorer_for(const ResolvedRecipe& choice) {
    const auto at = rescorers_.find(&choice);
    if (at != rescorers_.end()) return at->second;
    if (!options_.features.empty() && !features_) features_.emplace(options_.features);
    for (const auto& command : choice.would_help)
        context_.console.note(fmt::format("preset {} would do better with one list more: {}",
                                          choice.recipe.name, command));
    return rescorers_
        .try_emplace(&choice, collection_, items_, choice.recipe, features_ ? &*features_ : nullptr,
                     context_)
        .first->second;
}

/// The recipe's model scores the candidates of the block. With --batch the best of them wait for
/// answer_in_return().
void QueryEngine::rescore(const Round& round, std::span<const std::size_t> block,
                          std::vector<AnsweredQuery>& answered) {
    const auto& recipe = round.choice.recipe;
    std::vector<const Query*> queries;
    std::vector<Candidates*> pools;
    for (const auto number : block) {
        queries.push_back(&round.queries[number]);
        pools.push_back(&answered[number].ranked);
    }
    rescorer_for(round.choice).score(queries, pools, options_.batch ? round.top : round.candidates);
    auto options = rank_options(recipe, round.top);
    if (options_.batch) {
        options = {};
        options.top = std::max(recipe.rescore->kept, round.top);
        options.min_score = std::numeric_limits<double>::lowest();
    }
    for (const auto number : block)
        order_answers(answered[number].ranked, recipe, options, id_getter());
}

void QueryEngine::finish() {
    if (features_) features_->publish();
}

void QueryEngine::take_answers(AnsweredQuery& answered) {
    for (const auto& item : answered.ranked)
        answered.result.answers.push_back({id_of(item.row), static_cast<float>(item.score)});
}

}  // namespace pmatch::cli
