/// Files of one state of a collection, readable for as long as somebody holds this, whatever
/// writers replace or remove meanwhile.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/collection/manifest.hpp"

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

    /// read(paths of these files), once more when a writer touched one of them meanwhile: what is
    /// returned, or thrown, comes from this state alone.
    template <typename Read>
    auto read(const std::vector<std::string>& files, const Read& read) const {
        while (true) {
            const auto found = paths(files);
            try {
                auto result = read(found);
                if (paths(files) == found) return result;
            } catch (const Error&) {
                if (paths(files) == found) throw;
            }
        }
    }
    template <typename Read>
    auto read(const std::string& file, const Read& read) const {
        return this->read(std::vector{file},
                          [&](const auto& found) { return read(found.front()); });
    }

private:
    std::vector<std::filesystem::path> paths(const std::vector<std::string>& files) const;
    void release();

    std::filesystem::path directory_;
    std::map<std::string, int> pinned_;  ///< file descriptors
};

/// A path that SnapshotFiles gave for a file that has no name any more.
bool is_unnamed(const std::filesystem::path& file);

}  // namespace pmatch
