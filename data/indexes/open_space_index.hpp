/// Opens the index of a space, even if it is older than the space.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/index/live_index.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Whether the space's vectors are those the index was built from.
bool is_current(const IndexEntry& index, const SpaceRecord& space);

/// Loads the files of the space's index. Throws Error if they are damaged.
Index load_index(const Collection& collection, const IndexEntry& entry);

/// The key of each vector; empty for indexes made before keys existed.
std::vector<InputKey> index_keys(const Collection& collection, const IndexEntry& entry,
                                 const Index& index);

/// An index ready for searching.
struct OpenedIndex {
    LiveIndex index;
    std::int64_t added = 0;  ///< vectors missing in the index on disk
    std::int64_t dead = 0;   ///< its vectors that died since it was built

    bool stale() const { return added > 0 || dead > 0; }
};

/// Tells which inputs' vectors are not to be found; empty = none.
using HiddenInputs = std::function<bool(const InputKey&)>;

/// Results reflect the space's current content: an outdated index is searched without its dead
/// vectors, and the vectors it lacks are kept in memory and searched exactly. Throws Error with the
/// remedy if there is no index, or one of another model.
OpenedIndex open_space_index(const Collection& collection, const std::string& space,
                             const HiddenInputs& hidden = {});

}  // namespace pmatch
