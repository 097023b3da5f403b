/// A space's table of an engine, for queries.
#pragma once

#include <string>

#include "data/collection/collection.hpp"
#include "data/engines/engine_search.hpp"

namespace pmatch {

class CollectionQueryVectors;

/// Throws Error, naming both sides and the remedy, unless the engine has the space's current
/// vectors. `known`: pictures that it leaves out are not found; may be nullptr.
EngineTable open_engine_table(const Collection& collection, const std::string& space,
                              const std::string& engine, CollectionQueryVectors* known);

}  // namespace pmatch
