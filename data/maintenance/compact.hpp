/// Merges the parts of a collection and drops what no answer can come from any more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

/// What happened to the vectors of a space, or to the captions.
struct Compacted {
    std::string what;  ///< "space text", "captions"
    bool changed = false;
    std::int64_t parts_before = 0;
    std::int64_t parts_after = 0;
    std::int64_t dropped = 0;  ///< vectors, captions and ledger rows of inputs that are no more
    std::int64_t bytes_before = 0;
    std::int64_t bytes_after = 0;
};

/// Each space and the captions in a commit of its own: killed anywhere, the collection is as it
/// was before one of them. Live vectors keep their bytes, so answers and indexes stay as they are.
std::vector<Compacted> compact(Collection& collection);

}  // namespace pmatch
