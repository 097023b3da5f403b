/// The index of a space as it is found: current, or older than the space.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/index/live_index.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// The space's vectors are those the index was built from.
bool is_current(const IndexEntry& index, const SpaceRecord& space);

/// The files of the space's index as the manifest has them. Throws Error when they are damaged.
Index load_index(const Collection& collection, const IndexEntry& entry);

/// The key of each of its vectors; empty for an index that was made before there were any.
std::vector<InputKey> index_keys(const Collection& collection, const IndexEntry& entry,
                                 const Index& index);

/// What a search in a space uses.
struct OpenedIndex {
    LiveIndex index;
    std::int64_t added = 0;  ///< vectors that the index on disk does not have
    std::int64_t dead = 0;   ///< its vectors that no longer count, beside those it knows of

    bool stale() const { return added > 0 || dead > 0; }
};

/// Answers what the space holds now: an index that is older is searched without its dead vectors,
/// and with it, exactly, the vectors it lacks, which are kept in memory. Throws Error with the
/// command that mends it when there is no index, or one of another model.
OpenedIndex open_space_index(const Collection& collection, const std::string& space);

}  // namespace pmatch
