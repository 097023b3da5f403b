/// The recipes that are tried on a catalog: made up front, from the lists alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// Lists of a collection, and which of them a recipe asks.
struct GridRecipe {
    Recipe recipe;
    std::vector<std::size_t> lists;  ///< places among those given; as many as recipe.lists
};

struct GridOptions {
    std::size_t recipes = 0;  ///< at most; each list alone is always there
    std::vector<int> depths{100, 300};
    std::uint64_t seed = 1;
};

/// Each list alone; all of them, pairs, and all but one, by wsum, rrf, dbsf, combmnz and borda with
/// plain weights; then weights, fusions and depths spread evenly over what there is (Roberts' R_d
/// sequence, begun where the seed says). No two are equal. No list is required.
std::vector<GridRecipe> recipe_grid(const std::vector<ListSpec>& lists, const GridOptions& options);

/// Around a three-stage recipe: its gate, what it keeps and its weights, one changed at a time,
/// then all at once.
std::vector<GridRecipe> staged_grid(const GridRecipe& start, const GridOptions& options);

}  // namespace pmatch
