/// Builds and publishes a lexical (BM25) index.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct BuiltLexical {
    std::string name;
    bool fresh = false;  ///< false: the index was up to date
    Bm25Info info;       ///< complete if fresh, otherwise only the number of items
    double seconds = 0;  ///< from reading the first text to the finished file
};

/// Does nothing if the index is up to date and has the requested options.
BuiltLexical build_lexical(Collection& collection, const Source& source, const Bm25Options& options,
                           const Observer& observer);

/// An index over the current texts for this process only: its file is in the temporary directory
/// and already unlinked. Uses the options of `record`.
Bm25Index build_private_lexical(const Collection& collection, const LexicalRecord& record,
                                const Observer& observer);

}  // namespace pmatch
