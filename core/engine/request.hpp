/// Requests to an engine and their results.
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

/// The recipe that items are ranked by, and the items that are eligible.
struct RankingOptions {
    std::string preset = "auto";
    std::optional<double> image_weight = {};
    std::string where = {};     ///< SQL over the items' fields; empty = all items
    std::string collapse = {};  ///< a field; empty = the preset's
    bool exclude_self = false;
    std::optional<double> min_score = {};
    bool batch = false;  ///< queries answered together are ranked jointly (reciprocal ranks)
};

struct Request {
    std::vector<Query> queries;  ///< queries of a batch are embedded together
    RankingOptions ranking = {};
    int top = 10;          ///< answers per query
    bool explain = false;  ///< adds each list's contribution to AnsweredQuery::ranked
    std::stop_token cancelled = {};
};

struct AnsweredQuery {
    QueryAnswers result;
    Problem problem;                       ///< set if the query failed
    std::vector<RankedItem> ranked;        ///< result.answers with each list's contribution
    std::shared_ptr<const Recipe> recipe;  ///< nullptr if no recipe fits the query
};

/// Milliseconds of wall time on the calling thread.
struct Timings {
    double prepare = 0;   ///< captions, encoding and terms, including loading
    double retrieve = 0;  ///< lists
    double rank = 0;      ///< fusion, re-ranking, sorting

    double all() const { return prepare + retrieve + rank; }
};

struct Result {
    std::vector<AnsweredQuery> answers;  ///< one for each query, in their order
    std::vector<Notice> notes;           ///< possible improvements
    std::vector<Notice> warnings;        ///< why the answers may be worse than expected
    Timings timings;
};

}  // namespace pmatch
