/// Inputs missing in a space, and the commands that add them.
#pragma once

#include <cstdint>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/remedy.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Number of inputs with neither a vector nor a ledger row. Reads the keys of all parts.
std::int64_t missing_inputs(const Collection& collection, const std::string& space);

/// The `pmatch embed …` command of this space, with `directory` as the user wrote it.
Command embed_command(const std::string& directory, const std::string& space,
                      const SpaceRecord& record);

/// The command or commands after which an index over the space contains every item; `effect` says
/// so behind them. Where nothing can be embedded, why that is.
Remedy mend_index_remedy(const Collection& collection, const std::string& space,
                         const std::string& effect = {});

/// Warns if the space's index lacks items; fast if the catalog has not changed since the index was
/// built.
void warn_if_incomplete(const Collection& collection, const std::string& space,
                        const Observer& observer);

}  // namespace pmatch
