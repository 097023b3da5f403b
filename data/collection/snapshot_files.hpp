/// Keeps the files of one state of a collection readable during its lifetime, even if writers
/// replace or remove them.
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

    /// Opens the manifest's files. Missing files are reported later by their readers; if there are
    /// too many files, none is opened.
    void pin(const Manifest& manifest);

    /// directory / relative if that is still the pinned file, else a path to the open file.
    std::filesystem::path path(const std::string& relative) const;
    const std::filesystem::path& directory() const { return directory_; }

    /// Calls read(paths of these files), and once more if a writer modified one of them meanwhile:
    /// the result, or exception, is that of this state.
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

/// Whether SnapshotFiles returned this path for a file that was unlinked.
bool is_unnamed(const std::filesystem::path& file);

}  // namespace pmatch
