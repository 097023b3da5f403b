/// The one place where an engine is put together: a collection on disk, its models, and the logic
/// of core.
#pragma once

#include <filesystem>
#include <memory>

#include "cli/engine/stored_collection.hpp"
#include "core/engine/engine.hpp"

namespace pmatch {

/// Opens the collection as it is now; what others commit later is not seen.
std::shared_ptr<const Engine> open_engine(const std::filesystem::path& collection,
                                          const EngineOptions& options);
std::shared_ptr<const Engine> open_engine(std::shared_ptr<const Collection> collection,
                                          const EngineOptions& options);

}  // namespace pmatch
