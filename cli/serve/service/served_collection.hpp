/// A collection that is served, in its newest state.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/engine/current_engine.hpp"

namespace pmatch::cli {

/// Thread-safe.
class ServedCollection {
public:
    /// `preset` is what requests without one get. Throws UsageError if the collection cannot serve
    /// it.
    ServedCollection(std::string name, const std::filesystem::path& path, EngineOptions options,
                     std::string preset);

    const std::string& name() const { return name_; }
    std::shared_ptr<const Engine> engine() const { return current_.get(); }

    /// Opens what queries by the default preset need, so that no client waits for it.
    void warm_up() const { warm_up(*engine()); }
    /// Opens and warms up a newer state, if there is one, and returns whether there was. Throws
    /// Error, and the current state is kept.
    bool refresh();

private:
    void warm_up(const Engine& engine) const;

    std::string name_;
    std::string preset_;
    CurrentEngine current_;
};

/// What the engine of a served collection was opened from.
const StoredCollection& stored(const Engine& engine);

}  // namespace pmatch::cli
