/// Why an item is where it is: what each list of the recipe did for it.
#pragma once

#include <string>
#include <vector>

#include "core/ranking/rank_lists.hpp"

namespace pmatch::cli {

/// "text #1 0.7812 -> 1.0000, +1.0000" for each list that has the item, and with --batch the
/// query's rank "in return".
struct ExplainedList {
    std::string list;
    std::string rank;  ///< "#1", "-" where only scores are looked at, "(absent)" without the item
    std::string raw;
    std::string normalised;
    std::string contribution;
};

std::vector<ExplainedList> explain_lists(const RankedItem& item, const Recipe& recipe);

/// "gate text 0.3120 passed"; empty without a gate.
std::string explain_gate(const RankedItem& item, const Recipe& recipe);

/// All of it on one line.
std::string explain_line(const RankedItem& item, const Recipe& recipe);

}  // namespace pmatch::cli
