/// What a recipe's scores mean, for people.
#pragma once

#include <string>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// "min-max over each query's answers, weighted and added: 0 to 3; …"
std::string score_meaning(const Recipe& recipe, bool batch = false);

/// Whether equal scores of two queries are equally good answers, so that a minimum score makes
/// sense. False for scores that are normalised for each query: the best answer of every query has
/// about the same.
bool scores_compare_across_queries(const Recipe& recipe);

}  // namespace pmatch
