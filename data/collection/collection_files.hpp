/// File names inside a collection's directory, and the clean-up after killed runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/collection/manifest.hpp"

namespace pmatch {

inline constexpr const char* kManifestName = "collection.json";
inline constexpr const char* kLockName = "collection.lock";
inline constexpr const char* kItemsLink = "items.sqlite";
inline constexpr const char* kItemsFolder = "items";
inline constexpr const char* kCaptionsFolder = "captions";
inline constexpr const char* kEmbeddingsFolder = "embeddings";
inline constexpr const char* kIndexesFolder = "indexes";

/// "embeddings/<space>.h5"
std::string view_file(const std::string& space);
/// "embeddings/<space>/part-000001.h5"
std::string part_file(const std::string& space, std::int64_t number);
/// "captions/NAME/part-000001.jsonl"
std::string caption_part_file(const std::string& name, std::int64_t number);
inline constexpr const char* kExactFile = "indexes/identifiers.exact";

/// "items/items-000001.sqlite"
std::string items_file(std::int64_t generation);

/// Like fs::create_directories(); throws Error naming the directory. Returns true if it was
/// created.
bool make_directories(const std::filesystem::path& directory);

/// Whether there are finished temporary files that match the manifest's record of their target: the
/// last step of a commit is still to be done.
bool has_unnamed_files(const std::filesystem::path& directory, const Manifest& manifest);

/// Renames these files; idempotent. Only for the holder of the lock.
void complete_commit(const std::filesystem::path& directory, const Manifest& manifest);

/// Atomically makes `items.sqlite` a link to `target`, unless it already is.
void mend_items_link(const std::filesystem::path& directory, const std::string& target);

/// Temporary files, and files with names reserved for pmatch that the manifest does not name,
/// relative to the directory.
std::vector<std::string> leftovers(const std::filesystem::path& directory,
                                   const Manifest& manifest);

/// Removes these files and no others. Only for the holder of the lock.
void remove_leftovers(const std::filesystem::path& directory, const Manifest& manifest);

/// The remedy for damage to this file: its last command, which creates it again.
Remedy mending_remedy(const std::filesystem::path& directory, const Manifest& manifest,
                      const std::string& relative);

/// The remedy where nothing can be made of a source because no input of it can be used.
Remedy no_inputs_remedy(const std::string& directory);

}  // namespace pmatch
