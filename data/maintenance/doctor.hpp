/// Verifies a collection, and rebuilds what can be derived from the rest.
#pragma once

#include <string>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

/// The result of one check.
struct Finding {
    enum class State {
        kGood,
        kStale,     ///< intact, but outdated or incomplete
        kLeftover,  ///< of a killed run; the next writer removes it
        kDamaged    ///< content is missing or wrong
    };
    std::string subject;  ///< "files", "items", "captions", "vectors", "view", "index", "lexical"
    std::string name;     ///< of the space or the lexical index; else empty
    State state = State::kGood;
    std::string file;    ///< relative to the collection; empty if it concerns several
    std::string detail;  ///< the problem, or a summary
    Remedy remedy;       ///< the repair command; empty if there is nothing to do
};

/// "good", "stale", "leftover", "damaged"
const char* name_of(Finding::State state);

/// All checks: every file is read once or twice; memory does not grow with the collection (except
/// for keys of a part and captions). Damage is reported as a finding, never as an exception; throws
/// SystemError if files cannot be read at all.
std::vector<Finding> examine(const Collection& collection);

/// Drops damaged parts (their inputs are then pending again) and damaged indexes, and rewrites
/// views, in one commit. The collection must be open for writing. Returns the findings it fixed;
/// indexes must be rebuilt by the caller.
std::vector<Finding> repair(Collection& collection, const std::vector<Finding>& findings);

}  // namespace pmatch
