/// Merges the parts of a collection and drops dead entries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

/// The result for the vectors of a space, or for the captions.
struct Compacted {
    std::string what;  ///< "space text", "captions"
    bool changed = false;
    std::int64_t parts_before = 0;
    std::int64_t parts_after = 0;
    std::int64_t dropped = 0;  ///< vectors, captions and ledger rows of inputs that no longer exist
    std::int64_t bytes_before = 0;
    std::int64_t bytes_after = 0;
};

/// Each space and the captions are committed separately, so an interruption leaves a consistent
/// collection. Live vectors are unchanged, and so are answers and indexes.
std::vector<Compacted> compact(Collection& collection);

}  // namespace pmatch
