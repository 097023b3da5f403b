/// From the texts of a collection to a published lexical (BM25) index.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct BuiltLexical {
    std::string name;
    bool fresh = false;  ///< false: the index was up to date
    Bm25Info info;       ///< of a fresh one; else only the items
    double seconds = 0;  ///< from the first text read to the finished file
};

/// Does nothing when the index is up to date and has the options that are asked for.
BuiltLexical build_lexical(Collection& collection, const Source& source, const Bm25Options& options,
                           const Observer& observer);

/// An index over the texts as they are now, for one process only: its file is in the directory for
/// temporary files and has no name any more. With the options that `record` was built with.
Bm25Index build_private_lexical(const Collection& collection, const LexicalRecord& record,
                                const Observer& observer);

}  // namespace pmatch
