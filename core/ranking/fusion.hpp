/// Fusion of several ranked lists into one. Each method is in its own file, fusion_<name>.cpp, with
/// its formula; a new one is such a file and a row in fusion.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

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
    double return_part = 0;       ///< the score it adds
    double odds = 0;              ///< log odds of a match, if the model provides them
    std::vector<ListPart> parts;  ///< one per list
};

/// Items in order of first occurrence: first list, second list, … Unsorted.
using Fusion = std::vector<RankedItem> (*)(std::span<const FusionList>, const FusionOptions&);

struct FusionEntry {
    const char* name;
    Fusion fuse;
    bool first_met_wins;  ///< ties: the item that occurs first, before the item id decides
};

std::span<const FusionEntry> all_fusions();
/// nullptr if there is no such method.
const FusionEntry* fusion_named(const std::string& name);

/// Every item of the lists once, in order of first occurrence, with raw scores and ranks.
std::vector<RankedItem> gather(std::span<const FusionList> lists);

std::vector<RankedItem> fuse_none(std::span<const FusionList> lists, const FusionOptions& options);
std::vector<RankedItem> fuse_borda(std::span<const FusionList> lists, const FusionOptions& options);
std::vector<RankedItem> fuse_rrf(std::span<const FusionList> lists, const FusionOptions& options);
std::vector<RankedItem> fuse_wsum(std::span<const FusionList> lists, const FusionOptions& options);
std::vector<RankedItem> fuse_dbsf(std::span<const FusionList> lists, const FusionOptions& options);
std::vector<RankedItem> fuse_combmnz(std::span<const FusionList> lists,
                                     const FusionOptions& options);
std::vector<RankedItem> fuse_three_stage(std::span<const FusionList> lists,
                                         const FusionOptions& options);

}  // namespace pmatch
