/// What presets need to know of a collection's spaces and lexical indexes.
#pragma once

#include <string>
#include <vector>

#include "core/preset.hpp"
#include "data/manifest.hpp"

namespace pmatch::cli {

/// Which packages take pictures and texts is looked up only where `preset` may ask for it.
std::vector<SpaceSummary> list_summaries(const Manifest& manifest, const std::string& preset);

}  // namespace pmatch::cli
