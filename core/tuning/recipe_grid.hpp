/// The candidate recipes of tuning, generated in advance from the lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// A recipe and the lists of the collection that it uses.
struct GridRecipe {
    Recipe recipe;
    std::vector<std::size_t> lists;  ///< indexes of the given lists, in the order of recipe.lists
};

struct GridOptions {
    std::size_t recipes = 0;  ///< maximum number; each single list is always included
    std::vector<int> depths{100, 300};
    std::uint64_t seed = 1;
};

/// Each list alone; all of them, pairs, and all but one, fused by wsum, rrf, dbsf, combmnz and
/// borda with equal weights; then weights, fusions and depths sampled evenly (Roberts' R_d
/// sequence, started by the seed). Without duplicates; no list is required.
std::vector<GridRecipe> recipe_grid(const std::vector<ListSpec>& lists, const GridOptions& options);

/// Variations of a three-stage recipe: its gate, what it keeps and its weights, one changed at a
/// time, then all at once.
std::vector<GridRecipe> staged_grid(const GridRecipe& start, const GridOptions& options);

}  // namespace pmatch
