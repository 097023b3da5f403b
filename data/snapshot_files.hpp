/// Files of one state of a collection, readable for as long as somebody holds this, whatever
/// writers replace or remove meanwhile.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "data/manifest.hpp"

namespace pmatch {

class SnapshotFiles {
public:
    explicit SnapshotFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}
    ~SnapshotFiles();
    SnapshotFiles(const SnapshotFiles&) = delete;
    SnapshotFiles& operator=(const SnapshotFiles&) = delete;

    /// Opens the manifest's files. One that is not there is left to whoever reads it; where too
    /// many would be open, none is.
    void pin(const Manifest& manifest);

    /// directory / relative while that is still what was pinned, else a path to the open file.
    std::filesystem::path path(const std::string& relative) const;
    const std::filesystem::path& directory() const { return directory_; }

private:
    void release();

    std::filesystem::path directory_;
    std::map<std::string, int> pinned_;  ///< file descriptors
};

/// A path that SnapshotFiles gave for a file that has no name any more.
bool is_unnamed(const std::filesystem::path& file);

}  // namespace pmatch
