/// Lists whose source has changed.
#pragma once

#include "core/common/source.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// Marks what was made of the source as outdated, so that queries do without it until it is made
/// again: lexical indexes, and the list of identifiers.
void outdate_lists(Manifest& next, const Source& source);

}  // namespace pmatch
