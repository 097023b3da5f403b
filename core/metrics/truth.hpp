/// Ground truth: the relevant items of each query.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace pmatch {

/// Grade 0: judged, not relevant; above 0: relevant, and the weight in nDCG.
struct TruthItem {
    std::string item;
    double grade = 1;

    friend bool operator==(const TruthItem&, const TruthItem&) = default;
};

/// By query id; the items of a query in ascending byte order of their ids, without duplicates.
using Truth = std::unordered_map<std::string, std::vector<TruthItem>>;

}  // namespace pmatch
