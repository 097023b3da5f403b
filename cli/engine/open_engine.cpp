#include "cli/engine/open_engine.hpp"

#include <utility>

namespace pmatch {

std::shared_ptr<const Engine> open_engine(const std::filesystem::path& collection,
                                          const EngineOptions& options) {
    return open_engine(std::make_shared<const Collection>(Collection::open(collection)), options);
}

std::shared_ptr<const Engine> open_engine(std::shared_ptr<const Collection> collection,
                                          const EngineOptions& options) {
    return std::make_shared<const Engine>(
        std::make_unique<const StoredCollection>(std::move(collection), options),
        options.execution.threads);
}

}  // namespace pmatch
