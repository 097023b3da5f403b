#include "cli/tune_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pmatch::cli {
namespace {

constexpr std::size_t kHitsInMemory = std::size_t{1} << 22U;  // 16 bytes each, and as many copies

void order(std::vector<Neighbour>& hits) {
    std::sort(hits.begin(), hits.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.score != b.score ? a.score > b.score : a.row < b.row;
    });
}

/// As a search at `depth` gives it, with what is tied with the last; BM25 breaks ties itself.
std::vector<Neighbour> cut(const std::vector<Neighbour>& hits, int depth, bool with_ties) {
    auto end = std::min(hits.size(), static_cast<std::size_t>(depth));
    while (with_ties && end > 0 && end < hits.size() && hits[end].score == hits[end - 1].score)
        ++end;
    return {hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

TuneLists::TuneLists(const Collection& collection, const Items& items,
                     const std::vector<Query>& queries, Context& context)
    : collection_(collection),
      items_(items),
      queries_(queries),
      context_(context),
      encoders_(context, nullptr) {}

TuneLists::~TuneLists() = default;

std::size_t TuneLists::add(const ListSpec& spec, const ListName& name) {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
        if (names_[i] == name && specs_[i].query == spec.query) return i;
    }
    auto added = spec;
    const auto taken = [&] {
        return std::any_of(specs_.begin(), specs_.end(),
                           [&](const ListSpec& other) { return other.name == added.name; });
    };
    while (taken())
        added.name += name.lexical ? " bm25" : " space";
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
        const auto open = [&]() -> ListSearch& {
            auto& search = searches_[names_[list]];
            if (!search) search = open_list(collection_, names_[list], encoders_, context_);
            return *search;
        };
        asked_.push_back(ask_list(specs_[list], queries_, sound, open));
    }
}

void TuneLists::check_exact(const TunePlan& plan) const {
    for (std::size_t i = 0; i < plan.lists.size(); ++i) {
        const auto* search = asked_[plan.lists[i]].search;
        if (search == nullptr) continue;
        cli::check_exact(collection_, plan.recipe.name, plan.recipe.lists[i], names_[plan.lists[i]],
                         *search);
    }
}

void TuneLists::take(TuneBlock& block, std::size_t list, const ListWanted& wanted) {
    for (auto& [at, result] : search_block(asked_[list], block.queries, wanted)) {
        auto& hits = block.hits[at][list];
        hits.asked = true;
        if (!result.problem.code.empty()) hits.problem = std::move(result.problem);
        if (wanted.complete) {
            hits.complete = std::move(result.found);
            continue;
        }
        if (!names_[list].lexical) order(result.found);
        hits.at_depth[wanted.depth] = std::move(result.found);
    }
}

void TuneLists::learn_ids(const TuneBlock& block) {
    const auto learn = [&](const std::vector<Neighbour>& hits) {
        for (const auto& hit : hits) {
            auto& id = ids_[hit.row];
            if (id.empty()) id = items_.id_of(hit.row);
        }
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
        if (asked.search == nullptr) continue;
        if (complete.contains(list)) take(block, list, {deepest, true});
        const bool exact = asked.search->exact();
        for (const int depth : depths) {
            if (depth == deepest || !exact) take(block, list, {depth, false});
        }
        if (!exact) continue;
        for (auto& lists : block.hits) {
            auto& hits = lists[list];
            for (const int depth : depths) {
                if (hits.asked && depth != deepest)
                    hits.at_depth[depth] =
                        cut(hits.at_depth.at(deepest), depth, !names_[list].lexical);
            }
        }
    }
    learn_ids(block);
    return block;
}

std::size_t TuneLists::block_size(int depth, const std::set<std::size_t>& complete) const {
    const auto hits = specs_.size() * static_cast<std::size_t>(depth) +
                      complete.size() * static_cast<std::size_t>(items_.count());
    return std::max<std::size_t>(1, kHitsInMemory / hits);
}

IdOfRow TuneLists::id_getter() const {
    return [this](std::int64_t row) -> const std::string& { return ids_.at(row); };
}

std::optional<std::vector<std::vector<Neighbour>>> hits_of(const TuneBlock& block,
                                                           std::size_t place, const TunePlan& plan,
                                                           int depth) {
    bool any_input = false;
    bool any_hit = false;
    bool problem = false;
    std::vector<std::vector<Neighbour>> lists;
    for (std::size_t i = 0; i < plan.lists.size(); ++i) {
        const auto& hits = block.hits[place][plan.lists[i]];
        const bool required = plan.recipe.lists[i].required;
        if (!hits.asked && required) return std::nullopt;
        any_input = any_input || hits.asked;
        const bool failed = !hits.problem.code.empty();
        problem = problem || failed;
        auto& list = lists.emplace_back();
        if (hits.asked)
            list = plan.recipe.wants_complete_lists() ? hits.complete : hits.at_depth.at(depth);
        any_hit = any_hit || !list.empty();
        if (failed && list.empty() && required) return std::nullopt;
    }
    if (!any_input || (problem && !any_hit)) return std::nullopt;
    return lists;
}

}  // namespace pmatch::cli
