/// Says on stderr which queries, or items that are asked as such, have a problem, and how many
/// could not be answered.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/problem.hpp"

namespace pmatch {

class QueryProblems {
public:
    /// What is asked: "query" and "queries", or other words for it.
    struct Nouns {
        const char* one = "query";
        const char* many = "queries";
    };
    explicit QueryProblems(const Observer& observer) : QueryProblems(observer, Nouns{}) {}
    QueryProblems(const Observer& observer, Nouns nouns) : observer_(observer), nouns_(nouns) {}

    /// Nothing for a problem without a code. The first few of each code are named.
    void add(const std::string& query, const Problem& problem, bool failed);
    /// How many there were of each code that had more than were named.
    void finish() const;
    std::int64_t failed() const { return failed_; }

private:
    const Observer& observer_;
    Nouns nouns_;
    std::map<std::string, std::int64_t> counts_;  ///< by code
    std::int64_t failed_ = 0;
};

}  // namespace pmatch
