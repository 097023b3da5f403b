/// Internal to the query engine: what it keeps while a recipe is asked.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "cli/query_engine.hpp"

namespace pmatch::cli {

/// One list of a recipe and the queries that it was asked.
struct QueryEngine::AskedList {
    ListSearch* search = nullptr;
    std::unique_ptr<AskedQueries> asked;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query's number → place in `asked`
};

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
