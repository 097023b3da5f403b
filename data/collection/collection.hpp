/// A collection's directory: locking, snapshots and atomic commits.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/files/atomic_file.hpp"
#include "data/collection/manifest.hpp"
#include "data/collection/snapshot_files.hpp"

namespace pmatch {

/// A finished file stored as temporary_path(target), because `target` still has the content named
/// by the current manifest. commit() renames it; opening a collection completes an interrupted
/// commit.
struct StagedFile {
    std::string target;  ///< relative to the collection
    FileRecord record;
};

/// An open collection is a snapshot: later commits by others are not visible.
class Collection {
public:
    /// Opens for reading; its files stay readable during its lifetime. Throws Error with a remedy
    /// if the directory is not a collection.
    static Collection open(const std::filesystem::path& directory);
    /// Also acquires the lock (a single writer; a second one is an Error that names the process
    /// holding it) and removes the leftovers of killed runs.
    static Collection open_for_writing(const std::filesystem::path& directory);
    /// Like open_for_writing(), but creates the directory. Accepts only an empty directory or a
    /// collection. A directory created here is removed again unless something is committed.
    static Collection create_or_open(const std::filesystem::path& directory);

    ~Collection();
    Collection(Collection&&) noexcept;
    Collection& operator=(Collection&&) noexcept;

    const Manifest& manifest() const;
    /// Absolute.
    const std::filesystem::path& directory() const;
    /// As passed to open(), for commands.
    std::string given_path() const;
    /// The path to read a file of the manifest: its name or, if a writer has replaced or removed it
    /// since, a handle to the old content.
    std::filesystem::path path(const std::string& relative) const {
        return files()->path(relative);
    }
    const std::shared_ptr<const SnapshotFiles>& files() const;

    /// Makes `next` the collection's state: renames collection.json, then the staged files (adding
    /// them to next.files), updates `items.sqlite`, and unlinks files no longer used. Only for
    /// writers; `next` must be derived from manifest().
    void commit(Manifest next, const std::vector<StagedFile>& staged = {});

    /// Verifies size and checksum of a file of the manifest, before another library opens it; once
    /// per Collection object. Throws Error with the command that repairs the file.
    void verify(const std::string& relative) const { verify(relative, manifest()); }
    /// The same for a manifest not committed yet.
    void verify(const std::string& relative, const Manifest& manifest) const;
    /// Whether verify() succeeds. Throws SystemError if the system refused to read, which says
    /// nothing about the content.
    bool is_whole(const std::string& relative) const;

    /// Throws Error, listing the spaces, if the collection has no such space.
    const SpaceRecord& space(const std::string& name) const;

private:
    struct State;
    static std::unique_ptr<State> read(const std::filesystem::path& directory);
    explicit Collection(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// Called with the name of each step of a commit: "start", "manifest" (is in place), "staged",
/// "unlinked". For tests that kill the process there.
void set_commit_hook(std::function<void(const char* step)> hook);

}  // namespace pmatch
