/// Inputs that could not be used. They go to the ledger; they are never encoded as data.
#pragma once

#include <cstdint>
#include <string>

namespace pmatch {

/// Why one input could not be used. `code` is a short stable word in snake_case that scripts
/// may test (say "truncated"), `detail` a sentence for people.
struct Problem {
    std::string code;
    std::string detail;
};

/// One row of the ledger.
struct Skipped {
    std::string item;   ///< the item's id; "line N" when the input had no usable id
    std::string stage;  ///< "ingest", or "embed <space>"
    std::string code;
    std::string detail;
};

}  // namespace pmatch
