/// What the right answers to a set of queries are.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace pmatch {

/// Grade 0 is judged and not relevant; above 0 is relevant, and nDCG weighs by it.
struct TruthItem {
    std::string item;
    double grade = 1;

    friend bool operator==(const TruthItem&, const TruthItem&) = default;
};

/// By query id; the items of a query in ascending order of their ids' bytes, each once.
using Truth = std::unordered_map<std::string, std::vector<TruthItem>>;

}  // namespace pmatch
