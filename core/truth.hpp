/// Which items answer which query.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace pmatch {

struct TruthItem {
    std::string item;
    double grade = 1;
};

/// By query id.
using Truth = std::unordered_map<std::string, std::vector<TruthItem>>;

}  // namespace pmatch
