/// Indexes as queries need them: over what the collection holds now, however old their files are.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/index/live_index.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// An index over what the space holds now, see data/indexes/open_space_index.hpp; says so where the
/// one on disk is older.
LiveIndex open_index(const Collection& collection, const std::string& space,
                     const Observer& observer);

/// The BM25 index of this name; where the texts have changed, one is made for this process, which
/// is said.
Bm25Index open_lexical_index(const Collection& collection, const std::string& name,
                             const Observer& observer);

}  // namespace pmatch
