/// BM25's k1 and b are an index's, not a preset's: others are tried on indexes of a moment.
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
    Bm25Options chosen;  ///< on all queries
    RecipeChoice choice;
    Command command;  ///< that makes the index so
};

/// For each lexical index among the lists: its terms alone rank the labelled queries, by k1 and b
/// over a small grid.
std::vector<Bm25Finding> tune_bm25(const Collection& collection, const TuneLists& lists,
                                   const TuneWork& work, const std::vector<TrainTestSplit>& splits,
                                   const RandomisationOptions& options, const Execution& execution);

}  // namespace pmatch
