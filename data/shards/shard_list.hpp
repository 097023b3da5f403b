/// Internal to data/: the list of a shard's finished parts, which lie outside a collection's state
/// until they are merged.
///   staging/<name>.<i>-of-<n>/part-000001.h5 …   as in embeddings/<space>/ (captions: .jsonl)
///   staging/<name>.<i>-of-<n>/parts.json         replaced after each part
///   staging/<name>.<i>-of-<n>/lock               held by the process that writes them
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/common/shard.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

inline constexpr const char* kStagingFolder = "staging";
inline constexpr const char* kShardListName = "parts.json";
inline constexpr const char* kShardLockName = "lock";

/// A finished part, named relative to its directory.
struct ShardPart {
    PartRecord part;
    FileRecord file;
};

/// What a shard's parts are, and which windows they are of.
struct ShardList {
    std::filesystem::path directory;
    std::string name;                        ///< of the space or captions
    SpaceRecord space;                       ///< without parts; unused for captions
    std::optional<CaptionsRecord> captions;  ///< without parts
    Shard shard;
    int window_rows = 0;  ///< rows of a window; 0: unknown (lists of earlier versions)
    std::string items;    ///< checksum of the items file that was read; empty: unknown
    std::vector<ShardPart> parts;

    /// "shard 2/8 of space 'text'"
    std::string title() const;
    const std::string& fingerprint() const {
        return captions ? captions->fingerprint : space.fingerprint;
    }
    /// The command that makes it, or goes on with it; the collection is left open.
    Command command() const;
};

/// Replaces parts.json atomically.
void save(const ShardList& list);
/// Throws Error if the list is missing, damaged or of a newer version.
ShardList read_shard_list(const std::filesystem::path& directory);

/// The checksum of the items file of `collection`.
std::string items_checksum(const Collection& collection);

}  // namespace pmatch
