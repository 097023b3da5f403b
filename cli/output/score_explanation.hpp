/// Explains an item's score by the contribution of each list of the recipe.
#pragma once

#include <string>
#include <vector>

#include "core/ranking/rank_lists.hpp"

namespace pmatch::cli {

/// "text #1 0.7812 -> 1.0000, +1.0000" for each list that contains the item and, with --batch, the
/// query's reciprocal rank.
struct ExplainedList {
    std::string list;
    std::string rank;  ///< "#1", "-" if only scores are used, "(absent)" without the item
    std::string raw;
    std::string normalised;
    std::string contribution;
};

std::vector<ExplainedList> explain_lists(const RankedItem& item, const Recipe& recipe);

/// "gate text 0.3120 passed"; empty without a gate.
std::string explain_gate(const RankedItem& item, const Recipe& recipe);

/// Everything on one line.
std::string explain_line(const RankedItem& item, const Recipe& recipe);

}  // namespace pmatch::cli
