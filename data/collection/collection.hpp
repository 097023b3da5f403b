/// A collection's directory: who may write, what is live, and how a change becomes visible.
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

/// A finished file that waits under temporary_path(target) because `target` still holds what the
/// current manifest names. commit() renames it; opening a collection completes a commit that was
/// killed before it could.
struct StagedFile {
    std::string target;  ///< relative to the collection
    FileRecord record;
};

/// An open collection is a snapshot: what others commit is not seen.
class Collection {
public:
    /// For reading; its files stay readable while this lives. Not a collection: Error that says
    /// how to make one.
    static Collection open(const std::filesystem::path& directory);
    /// Also takes the lock (one writer at a time; a second one is an Error that names the
    /// holder's process) and removes what a killed run left over.
    static Collection open_for_writing(const std::filesystem::path& directory);
    /// As open_for_writing, but makes the directory. Nothing but an empty directory or a
    /// collection is taken. Without a commit a directory that was made here is removed again.
    static Collection create_or_open(const std::filesystem::path& directory);

    ~Collection();
    Collection(Collection&&) noexcept;
    Collection& operator=(Collection&&) noexcept;

    const Manifest& manifest() const;
    /// Absolute.
    const std::filesystem::path& directory() const;
    /// The same as it was given to open(), for commands.
    std::string given_path() const;
    /// Where a file that the manifest names is read: under its name, or, when a writer has
    /// replaced or removed it since, by a handle on what it was.
    std::filesystem::path path(const std::string& relative) const {
        return files()->path(relative);
    }
    const std::shared_ptr<const SnapshotFiles>& files() const;

    /// Makes `next` the collection's state: one rename of collection.json, then the staged files
    /// get their names (they are added to next.files), `items.sqlite` follows, and files that no
    /// longer count are unlinked. Only for writers; `next` must be made from manifest().
    void commit(Manifest next, const std::vector<StagedFile>& staged = {});

    /// Size and checksum of a file that the manifest names, before any other library opens it;
    /// once per Collection object. Error names the file and the command that mends it.
    void verify(const std::string& relative) const { verify(relative, manifest()); }
    /// The same for a manifest that is about to be committed.
    void verify(const std::string& relative, const Manifest& manifest) const;
    /// Whether verify() finds nothing wrong. Throws SystemError when the system refused to read:
    /// that says nothing about the file.
    bool is_whole(const std::string& relative) const;

    /// An Error that says the collection has no such space and which ones there are.
    const SpaceRecord& space(const std::string& name) const;

private:
    struct State;
    static std::unique_ptr<State> read(const std::filesystem::path& directory);
    explicit Collection(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// Called at each step of a commit with its name: "start", "manifest" (is in place), "staged",
/// "unlinked". Tests stop the process there; nothing else sets it.
void set_commit_hook(std::function<void(const char* step)> hook);

}  // namespace pmatch
