/// Fusion of several ranked lists into one. Each method is in its own file, fusion_<name>.cpp, with
/// its formula; a new one is such a file, its declaration in fusion_methods.hpp and a row in
/// fusion.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

struct Verification;

/// A fusion's input from one list: the hits, best first and truncated at the depth; for three-stage
/// every item, in ascending rows.
struct FusionList {
    std::span<const Neighbour> hits;
    double weight = 1;
};

/// The contribution of one list to one item.
struct ListPart {
    bool present = false;  ///< the list contains the item
    int rank = 0;          ///< in the list, from 1; 0 if only scores are used
    float raw = 0;
    double normalised = 0;
    double contribution = 0;  ///< to the item's score
};

enum class GateVerdict { kNone, kPassed, kStopped };

struct RankedItem {
    std::int64_t row = 0;
    double score = 0;
    GateVerdict gate = GateVerdict::kNone;
    double gate_value = 0;  ///< the value compared by the gate
    int return_rank = 0;  ///< reciprocal rank: of the query among those with this item; 0 = unused
    double return_part = 0;  ///< the score it adds
    int inliers = -1;  ///< points on which its picture and the query's agree; -1: not compared
    double verify_part = 0;                             ///< the score they add
    std::shared_ptr<const Verification> verified = {};  ///< the points; nullptr: not compared
    double odds = 0;              ///< log odds of a match, if the model provides them
    double exact = 0;             ///< > 0: it shares an identifier with the query and comes first
    std::vector<ListPart> parts;  ///< one per list
};

/// Items in order of first occurrence: first list, second list, … Unsorted.
using Fusion = std::vector<RankedItem> (*)(std::span<const FusionList>, const FusionOptions&);

/// What the scores of a fusion are relative to.
enum class ScoreScale {
    kOfList,    ///< the list's own scores
    kOfRanks,   ///< ranks only
    kPerQuery,  ///< normalised over what the lists found for the query
    kCatalog    ///< normalised over all items, for each query
};

struct FusionEntry {
    const char* name;
    Fusion fuse;
    ScoreScale scale = ScoreScale::kPerQuery;
    bool first_met_wins = false;  ///< ties: the item that occurs first, before the item id decides
    bool normalises = false;      ///< uses FusionOptions::normalise, a preset's "normalise"
    bool has_k = false;           ///< uses FusionOptions::k, a preset's "k"
};

std::span<const FusionEntry> all_fusions();
/// nullptr if there is no such method.
const FusionEntry* fusion_named(const std::string& name);

}  // namespace pmatch
