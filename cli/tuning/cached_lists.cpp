#include "cli/tuning/cached_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pmatch {
namespace {

constexpr std::size_t kHitsInMemory = std::size_t{1} << 22U;  // 16 bytes each, plus copies

/// The result of a search at `depth`, including ties of the last if the retriever leaves ties.
std::vector<Neighbour> cut(const std::vector<Neighbour>& hits, int depth, bool with_ties) {
    auto end = std::min(hits.size(), static_cast<std::size_t>(depth));
    while (with_ties && end > 0 && end < hits.size() && hits[end].score == hits[end - 1].score)
        ++end;
    return {hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

TuneLists::TuneLists(const Engine& engine, const std::vector<Query>& queries,
                     const Execution& execution)
    : engine_(engine), queries_(queries), asking_{execution}, ids_([&engine](std::int64_t row) {
          return engine.id_of(row);
      }) {}

std::size_t TuneLists::add(const ListSpec& spec, const RetrieverId& name) {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
        if (names_[i] == name && specs_[i].query == spec.query) return i;
    }
    auto added = spec;
    const auto taken = [&] {
        return std::any_of(specs_.begin(), specs_.end(),
                           [&](const ListSpec& other) { return other.name == added.name; });
    };
    while (taken())
        added.name += name.kind == ListKind::kBm25 ? " bm25" : " space";
    specs_.push_back(std::move(added));
    names_.push_back(name);
    return specs_.size() - 1;
}

TunePlan TuneLists::plan(const ResolvedRecipe& resolved) {
    TunePlan plan{resolved.recipe, {}};
    for (std::size_t i = 0; i < resolved.names.size(); ++i)
        plan.lists.push_back(add(resolved.recipe.lists[i], resolved.names[i]));
    return plan;
}

bool TuneLists::is_asked(std::size_t list) const {
    return std::any_of(queries_.begin(), queries_.end(), [&](const Query& query) {
        return query.problem.code.empty() && has_input_for(specs_[list], query);
    });
}

void TuneLists::ask() {
    std::vector<std::size_t> sound;
    for (std::size_t i = 0; i < queries_.size(); ++i) {
        if (queries_[i].problem.code.empty()) sound.push_back(i);
    }
    for (std::size_t list = 0; list < specs_.size(); ++list) {
        const auto open = [&]() -> const Retriever& {
            return engine_.retriever(names_[list], asking_.execution);
        };
        asked_.push_back(prepare_list(specs_[list], queries_, sound, open, asking_));
    }
}

void TuneLists::check_exact(const TunePlan& plan) const {
    for (std::size_t i = 0; i < plan.lists.size(); ++i) {
        if (asked_[plan.lists[i]].retriever == nullptr) continue;
        engine_.retriever(plan.recipe, plan.recipe.lists[i], names_[plan.lists[i]],
                          asking_.execution);
    }
}

void TuneLists::take(TuneBlock& block, std::size_t list, const RetrievalRequest& request) {
    for (auto& [at, result] : retrieve_block(asked_[list], block.queries, request)) {
        auto& hits = block.hits[at][list];
        hits.asked = true;
        if (!result.problem.code.empty()) hits.problem = std::move(result.problem);
        if (request.complete) {
            hits.complete = std::move(result.found);
            continue;
        }
        if (asked_[list].retriever->leaves_ties())
            std::sort(result.found.begin(), result.found.end(), better_neighbour);
        hits.at_depth[request.depth] = std::move(result.found);
    }
}

void TuneLists::learn_ids(const TuneBlock& block) {
    const auto learn = [&](const std::vector<Neighbour>& hits) {
        for (const auto& hit : hits)
            ids_.of(hit.row);
    };
    for (const auto& lists : block.hits) {
        for (const auto& hits : lists) {
            learn(hits.complete);
            for (const auto& [depth, one] : hits.at_depth)
                learn(one);
        }
    }
}

TuneBlock TuneLists::retrieve(std::span<const std::size_t> queries, std::span<const int> depths,
                              const std::set<std::size_t>& complete) {
    TuneBlock block{{queries.begin(), queries.end()}, {}};
    block.hits.assign(queries.size(), std::vector<TuneHits>(specs_.size()));
    const int deepest = *std::max_element(depths.begin(), depths.end());
    for (std::size_t list = 0; list < specs_.size(); ++list) {
        const auto& asked = asked_[list];
        if (asked.retriever == nullptr) continue;
        if (complete.contains(list)) take(block, list, {deepest, true});
        const bool exact = asked.retriever->exact();
        for (const int depth : depths) {
            if (depth == deepest || !exact) take(block, list, {depth, false});
        }
        if (!exact) continue;
        for (auto& lists : block.hits) {
            auto& hits = lists[list];
            for (const int depth : depths) {
                if (hits.asked && depth != deepest)
                    hits.at_depth[depth] =
                        cut(hits.at_depth.at(deepest), depth, asked.retriever->leaves_ties());
            }
        }
    }
    learn_ids(block);
    return block;
}

std::size_t TuneLists::block_size(int depth, const std::set<std::size_t>& complete) const {
    const auto hits = specs_.size() * static_cast<std::size_t>(depth) +
                      complete.size() * static_cast<std::size_t>(engine_.items().count());
    return std::max<std::size_t>(1, kHitsInMemory / hits);
}

IdOfRow TuneLists::id_getter() const {
    return [this](std::int64_t row) -> const std::string& { return ids_.known(row); };
}

std::optional<QueryLists> lists_of(const TuneBlock& block, std::size_t place, const TunePlan& plan,
                                   int depth) {
    QueryLists lists(plan.recipe);
    bool any = false;
    for (std::size_t i = 0; i < plan.lists.size(); ++i) {
        const auto& hits = block.hits[place][plan.lists[i]];
        const auto& spec = plan.recipe.lists[i];
        if (!hits.asked && spec.required) return std::nullopt;
        if (!hits.asked) continue;
        any = true;
        lists.take(i, spec,
                   {plan.recipe.wants_complete_lists() ? hits.complete : hits.at_depth.at(depth),
                    hits.problem});
    }
    if (!any || lists.failed()) return std::nullopt;
    return lists;
}

}  // namespace pmatch
