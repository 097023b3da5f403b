/// Reports on stderr which queries (or items used as queries) have a problem, and how many failed.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/problem.hpp"

namespace pmatch {

class QueryProblems {
public:
    /// Singular and plural of the inputs: "query" and "queries", or others.
    struct Nouns {
        const char* one = "query";
        const char* many = "queries";
    };
    explicit QueryProblems(const Observer& observer) : QueryProblems(observer, Nouns{}) {}
    QueryProblems(const Observer& observer, Nouns nouns) : observer_(observer), nouns_(nouns) {}

    /// Ignores problems without a code. Names only the first few of each code.
    void add(const std::string& query, const Problem& problem, bool failed);
    /// Reports the totals of codes with more problems than were named.
    void finish() const;
    std::int64_t failed() const { return failed_; }

private:
    const Observer& observer_;
    Nouns nouns_;
    std::map<std::string, std::int64_t> counts_;  ///< by code
    std::int64_t failed_ = 0;
};

}  // namespace pmatch
