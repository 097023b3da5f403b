/// The files inside a collection's directory: their names, and setting right what a killed run
/// left behind.
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
inline constexpr const char* kCaptionsFolder = "captions/caption";
inline constexpr const char* kEmbeddingsFolder = "embeddings";
inline constexpr const char* kIndexesFolder = "indexes";

/// "embeddings/<space>.h5"
std::string view_file(const std::string& space);
/// "embeddings/<space>/part-000001.h5"
std::string part_file(const std::string& space, std::int64_t number);
/// "captions/caption/part-000001.jsonl"
std::string caption_part_file(std::int64_t number);
/// "items/items-000001.sqlite"
std::string items_file(std::int64_t generation);

/// As fs::create_directories; failure is an Error that names the directory.
/// True when it was not there before.
bool make_directories(const std::filesystem::path& directory);

/// There are finished temporary files whose size and checksum are what the manifest says of their
/// target: the last step of a commit is still to be done.
bool has_unnamed_files(const std::filesystem::path& directory, const Manifest& manifest);

/// Renames them. Only for the holder of the lock, any number of times.
void complete_commit(const std::filesystem::path& directory, const Manifest& manifest);

/// Makes `items.sqlite` a link to `target`, by one rename; nothing when it is one already.
void mend_items_link(const std::filesystem::path& directory, const std::string& target);

/// Our temporary files, and files with names of ours that the manifest does not name, relative to
/// the directory.
std::vector<std::string> leftovers(const std::filesystem::path& directory,
                                   const Manifest& manifest);

/// Removes them. Only for the holder of the lock. What is not ours is never touched.
void remove_leftovers(const std::filesystem::path& directory, const Manifest& manifest);

/// What makes this file again: its last command does.
Remedy mending_remedy(const std::filesystem::path& directory, const Manifest& manifest,
                      const std::string& relative);

}  // namespace pmatch
