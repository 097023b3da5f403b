/// Whether vectors of two spaces may be compared.
#pragma once

#include <string>

#include "data/manifest.hpp"

namespace pmatch::cli {

/// One package made both, at precisions that differ, and records that vectors of either answer as
/// those of fp32 do. False when the package cannot be read, or is not the one that made them.
bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other);

}  // namespace pmatch::cli
