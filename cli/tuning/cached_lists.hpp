/// What the lists of a collection answer to queries, asked once and read by many recipes.
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

/// A recipe whose lists are found among those of a TuneLists.
struct TunePlan {
    Recipe recipe;
    std::vector<std::size_t> lists;  ///< as many as recipe.lists
};

/// The hits of one list for one query.
struct TuneHits {
    bool asked = false;  ///< the query has what the list compares
    Problem problem;     ///< code not empty: some or all of it could not be compared
    std::map<int, std::vector<Neighbour>>
        at_depth;                     ///< best first, with what is tied with the last
    std::vector<Neighbour> complete;  ///< every item, where a recipe wants that
};

/// A block of queries: hits[place][list].
struct TuneBlock {
    std::vector<std::size_t> queries;
    std::vector<std::vector<TuneHits>> hits;
};

class TuneLists {
public:
    /// All must outlive this. A query with a problem is not asked.
    TuneLists(const Engine& engine, const std::vector<Query>& queries, const Execution& execution);
    TuneLists(const TuneLists&) = delete;
    TuneLists& operator=(const TuneLists&) = delete;

    /// The list's number; lists that were there keep theirs.
    std::size_t add(const ListSpec& spec, const RetrieverId& name);
    TunePlan plan(const ResolvedRecipe& resolved);
    /// By number, under names of their own.
    const std::vector<ListSpec>& specs() const { return specs_; }
    const std::vector<RetrieverId>& names() const { return names_; }
    /// A query has what the list compares.
    bool is_asked(std::size_t list) const;

    /// Opens the lists and embeds the queries: before retrieve(), once.
    void ask();
    /// Throws Error where the plan compares every vector and the index does not.
    void check_exact(const TunePlan& plan) const;

    /// The deepest list serves all depths where the index is exact. `complete`: lists that give
    /// the score of every item too. One at a time.
    TuneBlock retrieve(std::span<const std::size_t> queries, std::span<const int> depths,
                       const std::set<std::size_t>& complete);
    /// Queries of a block so that its hits need some 100 MB.
    std::size_t block_size(int depth, const std::set<std::size_t>& complete) const;

    /// Of rows that were retrieved; from many threads.
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

/// The plan's lists for the query at `place`, as a search at `depth` gives them; nothing when the
/// query cannot be answered by the plan.
std::optional<QueryLists> lists_of(const TuneBlock& block, std::size_t place, const TunePlan& plan,
                                   int depth);

}  // namespace pmatch
