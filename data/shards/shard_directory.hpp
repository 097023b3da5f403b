/// Internal to data/: the directory of a shard while a process writes its parts.
#pragma once

#include <filesystem>
#include <string>

#include "data/collection/collection_lock.hpp"
#include "data/shards/shard_list.hpp"

namespace pmatch {

class ShardDirectory {
public:
    /// Makes `begun.directory`, or goes on with the parts that are there, up to the first damaged
    /// one; `replace` removes them instead. `begun.parts` is ignored. Throws Error if another
    /// process writes there, or if the parts are another model's or of other windows.
    ShardDirectory(ShardList begun, bool replace);

    const ShardList& list() const { return list_; }
    /// Of the list that was there; the inputs of these parts are to be done again.
    int damaged() const { return damaged_; }

    /// Where the next part goes: "part-000002" and the extension.
    std::filesystem::path next_target(const std::string& extension) const;
    /// Adds the part published there; its file's name is filled in.
    void add(PartRecord part, const FileRecord& file, const std::string& extension);

private:
    void take_over(const ShardList& known);

    ShardList list_;
    CollectionLock lock_;
    int damaged_ = 0;
};

/// staging/embeddings/<space>/<i>-of-<n>, or staging/captions/<name>/<i>-of-<n>.
std::filesystem::path shard_directory(const Collection& collection, const std::string& name,
                                      bool captions, const Shard& shard);

}  // namespace pmatch
