/// Ranked answers: the result of a search and the input of an evaluation.
#pragma once

#include <string>
#include <vector>

namespace pmatch {

/// Higher scores are better.
struct Answer {
    std::string item;
    float score = 0;
};

/// Best first; equal scores in ascending order of the item id's bytes.
using RankedList = std::vector<Answer>;

/// The answers to one query. A query that could not be answered has `failed` set and no answers.
struct QueryAnswers {
    std::string query;
    RankedList answers;
    bool failed = false;
};

}  // namespace pmatch
