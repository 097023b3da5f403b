/// BM25's k1 and b are an index's, not a preset's: others are tried on indexes of a moment.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/tune_lists.hpp"
#include "cli/tune_measure.hpp"
#include "core/bm25.hpp"
#include "core/remedy.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

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
                                   const TuneWork& work, const std::vector<Halves>& splits,
                                   const RandomisationOptions& options, const Execution& execution);

}  // namespace pmatch::cli
