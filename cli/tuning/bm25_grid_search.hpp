/// Grid search for BM25's k1 and b. As they are stored in the index, not in a preset, other values
/// are evaluated on temporary indexes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/tuning/cached_lists.hpp"
#include "cli/tuning/recipe_scoring.hpp"
#include "core/common/remedy.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct Bm25Finding {
    std::string index;
    Bm25Options now;
    Bm25Options chosen;  ///< best on all queries
    RecipeChoice choice;
    Command command;  ///< builds the index with these values
};

/// For each lexical index among the lists: evaluates a small grid of k1 and b by ranking the
/// labelled queries with this index alone.
std::vector<Bm25Finding> tune_bm25(const Collection& collection, const TuneLists& lists,
                                   const TuneWork& work, const std::vector<TrainTestSplit>& splits,
                                   const RandomisationOptions& options, const Execution& execution);

}  // namespace pmatch
