#include "core/engine/rank_query.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/rerank/reranker.hpp"

namespace pmatch {

void QueryLists::take(std::size_t list, const ListSpec& spec, RetrievedList result) {
    lists[list] = std::move(result.found);
    if (result.problem.code.empty()) return;
    problem = std::move(result.problem);
    if (lists[list].empty() && spec.required) lost = true;
}

bool QueryLists::failed() const {
    if (problem.code.empty()) return false;
    return lost ||
           std::all_of(lists.begin(), lists.end(), [](const auto& list) { return list.empty(); });
}

int Wanted::candidates(const Recipe& recipe) const {
    const int wanted = candidates();
    return recipe.verify ? std::max(wanted, static_cast<int>(recipe.verify->top)) : wanted;
}

int Wanted::candidates() const {
    return batch ? std::max(top, kBatchCandidates) : top;
}

RankOptions every_candidate() {
    RankOptions options;
    options.top = std::numeric_limits<int>::max();
    options.min_score = std::numeric_limits<double>::lowest();
    return options;
}

RankOptions candidate_options(const Recipe& recipe, const Wanted& wanted, int candidates) {
    const bool all = scores_change(recipe);
    auto options = all || wanted.batch ? every_candidate() : RankOptions{};
    options.candidates = candidates;
    if (!all) options.top = wanted.batch ? wanted.depth(recipe, candidates) : wanted.top;
    return options;
}

RankOptions kept_for_batch(const Recipe& recipe, int top) {
    auto options = every_candidate();
    options.top = std::max(recipe.rescore->kept, top);
    return options;
}

void score_in_batch(const Recipe& recipe, std::vector<Candidates>& candidates) {
    if (recipe.rescore) {
        score_by_file(*recipe.rescore, candidates);
    } else {
        reciprocal_rank_boost(candidates, kReturnWeight);
    }
}

}  // namespace pmatch
