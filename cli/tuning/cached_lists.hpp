/// The retrieved lists of all queries: retrieved once, then used by many recipes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/engine/rank_query.hpp"
#include "core/preset/preset.hpp"
#include "core/retrieval/prepared_list.hpp"

namespace pmatch {

/// A recipe and its lists among those of a TuneLists.
struct TunePlan {
    Recipe recipe;
    std::vector<std::size_t> lists;  ///< list numbers, in the order of recipe.lists
};

/// The hits of one list for one query.
struct TuneHits {
    bool asked = false;  ///< the query has an input for the list
    Problem problem;     ///< code not empty: some or all of the query could not be used
    std::map<int, std::vector<Neighbour>> at_depth;  ///< best first, with ties of the last
    std::vector<Neighbour> complete;  ///< scores of all items, if a recipe needs them
};

/// A block of queries: hits[index in the block][list].
struct TuneBlock {
    std::vector<std::size_t> queries;
    std::vector<std::vector<TuneHits>> hits;
};

class TuneLists {
public:
    /// All arguments must outlive this object. Queries with a problem are skipped.
    TuneLists(const Engine& engine, const std::vector<Query>& queries, const Execution& execution);
    TuneLists(const TuneLists&) = delete;
    TuneLists& operator=(const TuneLists&) = delete;

    /// The list's number; existing lists keep theirs.
    std::size_t add(const ListSpec& spec, const RetrieverId& name);
    TunePlan plan(const ResolvedRecipe& resolved);
    /// By number, with unique names.
    const std::vector<ListSpec>& specs() const { return specs_; }
    const std::vector<RetrieverId>& names() const { return names_; }
    /// Whether any query has an input for the list.
    bool is_asked(std::size_t list) const;

    /// Opens the lists and embeds the queries; call once before retrieve().
    void ask();
    /// Throws Error if the plan requires exact search and an index is approximate.
    void check_exact(const TunePlan& plan) const;

    /// With an exact index the deepest list serves all depths. `complete`: lists that also need the
    /// scores of all items. Not thread-safe.
    TuneBlock retrieve(std::span<const std::size_t> queries, std::span<const int> depths,
                       const std::set<std::size_t>& complete);
    /// Number of queries per block, for about 100 MB of hits.
    std::size_t block_size(int depth, const std::set<std::size_t>& complete) const;

    /// For retrieved rows; thread-safe.
    IdOfRow id_getter() const;

private:
    void take(TuneBlock& block, std::size_t list, const RetrievalRequest& request);
    void learn_ids(const TuneBlock& block);

    const Engine& engine_;
    const std::vector<Query>& queries_;
    Asking asking_;
    std::vector<ListSpec> specs_;
    std::vector<RetrieverId> names_;
    std::vector<PreparedList> asked_;
    IdMemo ids_;
};

/// The plan's lists for the query at index `place` of the block, as a search at `depth` would give
/// them; empty if the plan cannot answer the query.
std::optional<QueryLists> lists_of(const TuneBlock& block, std::size_t place, const TunePlan& plan,
                                   int depth);

}  // namespace pmatch
