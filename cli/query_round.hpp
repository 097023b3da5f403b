/// Internal to the query engine: what it keeps while a recipe is asked.
#pragma once

#include <cstddef>
#include <vector>

#include "cli/asked_list.hpp"
#include "cli/query_engine.hpp"

namespace pmatch::cli {

/// What the lists of a recipe gave for one query.
struct QueryEngine::Retrieved {
    std::vector<std::vector<Neighbour>> lists;
    Problem problem;
    bool lost = false;  ///< a list that the recipe needs failed
};

struct QueryEngine::Round {
    const ResolvedRecipe& choice;
    const std::vector<Query>& queries;
    std::vector<AskedList>& lists;
    int top = 0;
    int candidates = 0;
};

}  // namespace pmatch::cli
