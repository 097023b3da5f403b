/// Why an item has its score, for programs.
#pragma once

#include <nlohmann/json.hpp>

#include "core/ranking/fusion.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch::cli {

/// The preset's name, each list's rank, raw and normalised value and contribution, and what
/// verification, reciprocal ranks and the gate made of it.
nlohmann::ordered_json explanation_json(const RankedItem& item, const Recipe& recipe);

}  // namespace pmatch::cli
