/// What is asked of an engine, and what it answers.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/common/observer.hpp"
#include "core/common/ranked_answers.hpp"
#include "core/ranking/fusion.hpp"
#include "core/ranking/recipe.hpp"
#include "core/retrieval/query.hpp"

namespace pmatch {

/// By which recipe items are ranked, and among which.
struct RankingOptions {
    std::string preset = "auto";
    std::optional<double> image_weight = {};
    std::string where = {};     ///< SQL over the items' fields; empty = all items
    std::string collapse = {};  ///< a field; empty = what the preset says
    bool exclude_self = false;
    std::optional<double> min_score = {};
    bool batch = false;  ///< queries that are answered together rank each other's items
};

struct Request {
    std::vector<Query> queries;  ///< a query of a batch is embedded beside the others
    RankingOptions ranking = {};
    int top = 10;          ///< answers per query
    bool explain = false;  ///< AnsweredQuery::ranked says what each list did for an item
    std::stop_token cancelled = {};
};

struct AnsweredQuery {
    QueryAnswers result;
    Problem problem;                       ///< why it failed, when it did
    std::vector<RankedItem> ranked;        ///< result.answers with what each list did for them
    std::shared_ptr<const Recipe> recipe;  ///< nullptr when none fitted
};

/// Milliseconds of the calling thread.
struct Timings {
    double prepare = 0;   ///< captions, encoders and terms, with opening what was not open yet
    double retrieve = 0;  ///< lists
    double rank = 0;      ///< fusion, models, order

    double all() const { return prepare + retrieve + rank; }
};

struct Result {
    std::vector<AnsweredQuery> answers;  ///< one for each query, in their order
    std::vector<Notice> notes;           ///< of what could be better
    std::vector<Notice> warnings;        ///< why the answers may not be what is expected
    Timings timings;
};

}  // namespace pmatch
