/// Internal to fusion: the methods, each in its own file, and what they share.
#pragma once

#include <span>
#include <vector>

#include "core/ranking/fusion.hpp"

namespace pmatch {

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
