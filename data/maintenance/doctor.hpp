/// Looks at everything a collection promises, and makes again what can be made from the rest.
#pragma once

#include <string>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

/// What one check found.
struct Finding {
    enum class State {
        kGood,
        kStale,     ///< whole, but work is left: it has to be made again or gone on with
        kLeftover,  ///< of a run that was killed; the next writer removes it
        kDamaged    ///< a promise is broken
    };
    std::string subject;  ///< "files", "items", "captions", "vectors", "view", "index", "lexical"
    std::string name;     ///< of the space or the lexical index; else empty
    State state = State::kGood;
    std::string file;    ///< relative to the collection; empty when it speaks of several
    std::string detail;  ///< what is wrong, or what there is
    Remedy remedy;       ///< the command that mends it; empty when there is nothing to do
};

/// "good", "stale", "leftover", "damaged"
const char* name_of(Finding::State state);

/// All checks: every file is read once or twice, memory does not grow with the collection (but for
/// keys of a part and the texts' captions). Damage is a finding, never an exception; SystemError
/// when files cannot be read at all.
std::vector<Finding> examine(const Collection& collection);

/// Drops damaged parts (their inputs are then pending again) and damaged indexes, and writes views
/// anew, in one commit. The collection must be open for writing. Gives the findings it acted on;
/// indexes are left for the caller to build.
std::vector<Finding> repair(Collection& collection, const std::vector<Finding>& findings);

}  // namespace pmatch
