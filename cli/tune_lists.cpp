#include "cli/tune_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/lexical_search.hpp"
#include "cli/space_search.hpp"

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

/// A list and the queries that it was asked.
struct TuneLists::Asked {
    ListSearch* search = nullptr;
    std::unique_ptr<AskedQueries> queries;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query's number → place
};

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
    asked_.resize(specs_.size());
    for (std::size_t list = 0; list < specs_.size(); ++list) {
        std::vector<const Query*> queries;
        for (std::size_t i = 0; i < queries_.size(); ++i) {
            const auto& query = queries_[i];
            if (!query.problem.code.empty() || !has_input_for(specs_[list], query)) continue;
            asked_[list].places[i] = queries.size();
            queries.push_back(&query);
        }
        if (queries.empty()) continue;
        const auto& name = names_[list];
        auto& search = searches_[name];
        if (!search) {
            search = name.lexical ? open_lexical_search(collection_, name.name, context_)
                                  : open_space_search(collection_, name.name, encoders_, context_);
        }
        asked_[list].search = search.get();
        asked_[list].queries = search->ask(queries, specs_[list].query);
    }
}

void TuneLists::check_exact(const TunePlan& plan) const {
    for (std::size_t i = 0; i < plan.lists.size(); ++i) {
        const auto* search = asked_[plan.lists[i]].search;
        if (!plan.recipe.lists[i].exact || search == nullptr || search->exact()) continue;
        const auto& name = names_[plan.lists[i]].name;
        const auto directory = collection_.directory().string();
        throw Error{fmt::format("preset '{}' compares every vector of space '{}', whose index does "
                                "not",
                                plan.recipe.name, name),
                    directory,
                    fmt::format("pmatch build-index {} --space {} --layout Flat", directory, name)};
    }
}

void TuneLists::take(TuneBlock& block, std::size_t list, const ListWanted& wanted) {
    const auto& asked = asked_[list];
    std::vector<std::size_t> places;
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < block.queries.size(); ++i) {
        const auto at = asked.places.find(block.queries[i]);
        if (at == asked.places.end()) continue;
        places.push_back(at->second);
        owners.push_back(i);
    }
    if (places.empty()) return;
    auto found = asked.queries->search(places, wanted);
    for (std::size_t i = 0; i < found.size(); ++i) {
        auto& hits = block.hits[owners[i]][list];
        hits.asked = true;
        if (!found[i].problem.code.empty()) hits.problem = std::move(found[i].problem);
        if (wanted.complete) {
            hits.complete = std::move(found[i].found);
            continue;
        }
        if (!names_[list].lexical) order(found[i].found);
        hits.at_depth[wanted.depth] = std::move(found[i].found);
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
