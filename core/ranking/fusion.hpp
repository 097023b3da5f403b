/// Fusions: several ranked lists become one. Each lives in a file of its own, fusion_<name>.cpp,
/// with its formula; a new one is that file and a line in fusion.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

/// What a fusion gets of a list: the hits, best first and cut at the depth; for three-stage every
/// item in ascending rows.
struct FusionList {
    std::span<const Neighbour> hits;
    double weight = 1;
};

/// What one list did for one item.
struct ListPart {
    bool present = false;  ///< the list holds the item
    int rank = 0;          ///< in the list, from 1; 0 where only scores are looked at
    float raw = 0;
    double normalised = 0;
    double contribution = 0;  ///< to the item's score
};

enum class GateVerdict { kNone, kPassed, kStopped };

struct RankedItem {
    std::int64_t row = 0;
    double score = 0;
    GateVerdict gate = GateVerdict::kNone;
    double gate_value = 0;        ///< what the gate compared
    int return_rank = 0;          ///< of the query among those that have the item; 0 = not asked
    double return_part = 0;       ///< what that rank adds to the score
    double odds = 0;              ///< log of the odds of a match, where a model tells them
    std::vector<ListPart> parts;  ///< one for each list
};

/// Items in the order in which they were met: first list, second list, … Unsorted.
using Fusion = std::vector<RankedItem> (*)(std::span<const FusionList>, const FusionOptions&);

struct FusionEntry {
    const char* name;
    Fusion fuse;
    bool first_met_wins;  ///< equal scores: the item met first, before the item id decides
};

std::span<const FusionEntry> all_fusions();
/// nullptr when there is none of this name.
const FusionEntry* fusion_named(const std::string& name);

/// Every item of the lists once, in the order met, with raw scores and ranks.
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
