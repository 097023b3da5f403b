/// What a space lacks of the catalog, and the commands that bring it up to date.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/common/observer.hpp"
#include "core/common/remedy.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Inputs with neither a vector nor a ledger row. Reads the keys of all parts.
std::int64_t missing_inputs(const Collection& collection, const std::string& space);

/// `pmatch embed …` as it was for this space, `directory` as the user wrote it.
Command embed_command(const std::string& directory, const std::string& space,
                      const SpaceRecord& record);

/// The command, or both, after which an index over the space finds every item.
std::vector<Command> mend_index_commands(const Collection& collection, const std::string& space);

/// A warning when the space's index cannot find all items; cheap while the catalog is still the
/// one the index was built over.
void warn_if_incomplete(const Collection& collection, const std::string& space,
                        const Observer& observer);

}  // namespace pmatch
