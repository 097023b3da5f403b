/// Indexes for queries, which reflect the current content of the collection, however old their
/// files are.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/index/live_index.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection.hpp"
#include "data/indexes/open_space_index.hpp"

namespace pmatch {

/// An index over the current content of a space, see data/indexes/open_space_index.hpp; reports if
/// the one on disk is outdated. Vectors of `hidden` inputs are never found.
LiveIndex open_index(const Collection& collection, const std::string& space,
                     const Observer& observer, const HiddenInputs& hidden = {});

/// The named BM25 index; if its texts have changed, a temporary one is built for this process,
/// which is reported.
Bm25Index open_lexical_index(const Collection& collection, const std::string& name,
                             const Observer& observer);

}  // namespace pmatch
