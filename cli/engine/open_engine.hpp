/// Assembles an engine from a collection on disk, its models, and core.
#pragma once

#include <filesystem>
#include <memory>

#include "cli/engine/stored_collection.hpp"
#include "core/engine/engine.hpp"

namespace pmatch {

/// Opens a snapshot of the collection; later commits by others are not visible.
std::shared_ptr<const Engine> open_engine(const std::filesystem::path& collection,
                                          const EngineOptions& options);
std::shared_ptr<const Engine> open_engine(std::shared_ptr<const Collection> collection,
                                          const EngineOptions& options);

}  // namespace pmatch
