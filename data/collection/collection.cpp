#include "data/collection/collection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/collection/collection_lock.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

std::function<void(const char*)>& commit_hook() {
    static std::function<void(const char*)> hook;
    return hook;
}

void at_step(const char* step) {
    if (commit_hook()) commit_hook()(step);
}

fs::path manifest_file(const fs::path& directory) {
    return directory / kManifestName;
}

/// Also true if the check fails; reading the manifest then reports the reason.
bool has_manifest(const fs::path& directory) {
    std::error_code failed;
    const auto status = fs::status(manifest_file(directory), failed);
    return fs::exists(status) || (failed && status.type() != fs::file_type::not_found);
}

/// Requires a directory that is empty except for leftovers of a killed first ingest.
void check_can_become_collection(const fs::path& directory) {
    std::error_code failed;
    fs::directory_iterator entries(directory, failed);
    if (failed) {
        throw SystemError{fmt::format("cannot list the directory: {}", failed.message()),
                          directory.string(), "check the path and its permissions"};
    }
    for (const auto& entry : entries) {
        const auto name = entry.path().filename().string();
        if (name == kLockName || name == kItemsFolder || name == kEmbeddingsFolder ||
            name == kItemsLink || name.ends_with(kTemporarySuffix)) {
            continue;
        }
        throw Error{fmt::format("the directory holds '{}' and is not a collection", name),
                    directory.string(), "give an empty or a new directory"};
    }
}

/// How often and how long a reader waits for a writer to finish.
constexpr int kMostTries = 200;
constexpr std::chrono::milliseconds kPause{10};

/// Completes the commit of a killed writer. Returns false while a writer is active and will do so.
bool mend_as_reader(const fs::path& directory) {
    const auto lock = CollectionLock::if_free(directory / kLockName);
    if (!lock) return false;
    complete_commit(directory, Manifest::load(manifest_file(directory)));
    return true;
}

}  // namespace

struct Collection::State {
    fs::path directory;
    fs::path given;
    Manifest manifest;
    std::shared_ptr<const SnapshotFiles> files;
    std::unique_ptr<CollectionLock> lock;
    bool made_directory = false;
    bool committed = true;
    std::mutex verified_mutex;
    std::map<std::string, Hash128> verified;  ///< by path

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (committed || !lock) return;
        // A commit that failed after its rename took effect.
        if (has_manifest(directory)) return;
        std::error_code ignored;
        remove_leftovers(directory, {});
        fs::remove(directory / kItemsFolder, ignored);
        lock->remove_file();
        if (made_directory) fs::remove(directory, ignored);
    }
};

Collection::Collection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Collection::~Collection() = default;
Collection::Collection(Collection&&) noexcept = default;
Collection& Collection::operator=(Collection&&) noexcept = default;

const Manifest& Collection::manifest() const {
    return state_->manifest;
}
const fs::path& Collection::directory() const {
    return state_->directory;
}
std::string Collection::given_path() const {
    return state_->given.string();
}

const std::shared_ptr<const SnapshotFiles>& Collection::files() const {
    return state_->files;
}

std::unique_ptr<Collection::State> Collection::read(const fs::path& directory) {
    auto state = std::make_unique<State>();
    state->directory = fs::absolute(directory).lexically_normal();
    state->given = directory;
    if (!has_manifest(directory)) {
        std::error_code failed;
        const bool held_one = fs::exists(directory / kItemsFolder, failed);
        Remedy remedy{"make one with", {{"ingest", directory.string(), {"SOURCE"}}}};
        if (held_one) {
            remedy =
                "restore collection.json from a copy, or make the collection again in a new "
                "directory";
        }
        throw Error{"this is not a collection: it has no collection.json", directory.string(),
                    remedy};
    }
    state->manifest = Manifest::load(manifest_file(directory));
    state->files = std::make_shared<SnapshotFiles>(state->directory);
    return state;
}

/// Files are opened by name, so the manifest must not have changed in the meantime: as long as it
/// is not replaced, no file is.
Collection Collection::open(const fs::path& directory) {
    auto state = read(directory);
    for (int tries = 0; tries < kMostTries; ++tries) {
        const bool waits = has_unnamed_files(state->directory, state->manifest);
        if (!waits || mend_as_reader(state->directory)) {
            const auto files = std::make_shared<SnapshotFiles>(state->directory);
            files->pin(state->manifest);
            state->files = files;
        } else {
            std::this_thread::sleep_for(kPause);  // for the writer to rename them
        }
        auto now = Manifest::load(manifest_file(directory));
        if (!waits && now.generation == state->manifest.generation) break;
        state->manifest = std::move(now);
    }
    return Collection(std::move(state));
}

Collection Collection::open_for_writing(const fs::path& directory) {
    if (!has_manifest(directory)) return open(directory);  // throws
    auto lock = std::make_unique<CollectionLock>(directory / kLockName);
    Collection collection(read(directory));
    auto& state = *collection.state_;
    complete_commit(state.directory, state.manifest);
    state.lock = std::move(lock);
    mend_items_link(state.directory, state.manifest.items.file);
    remove_leftovers(state.directory, state.manifest);
    return collection;
}

Collection Collection::create_or_open(const fs::path& directory) {
    if (has_manifest(directory)) return open_for_writing(directory);
    auto state = std::make_unique<State>();
    state->made_directory = make_directories(directory);
    check_can_become_collection(directory);
    state->directory = fs::absolute(directory).lexically_normal();
    state->given = directory;
    state->files = std::make_shared<SnapshotFiles>(state->directory);
    state->lock = std::make_unique<CollectionLock>(directory / kLockName);
    // Another process may have created the collection before we acquired the lock.
    if (has_manifest(directory)) {
        state->lock.reset();
        return open_for_writing(directory);
    }
    state->committed = false;
    remove_leftovers(state->directory, {});
    return Collection(std::move(state));
}

void Collection::commit(Manifest next, const std::vector<StagedFile>& staged) {
    auto& state = *state_;
    if (!state.lock || next.generation != state.manifest.generation) {
        throw Error{"this change was not made from the collection's current state",
                    state.directory.string(), "run the command again"};
    }
    for (const auto& file : staged)
        next.files[file.target] = file.record;
    ++next.generation;
    at_step("start");
    next.save(manifest_file(state.directory));
    state.committed = true;
    const auto former = std::exchange(state.manifest, std::move(next));
    at_step("manifest");
    complete_commit(state.directory, state.manifest);
    mend_items_link(state.directory, state.manifest.items.file);
    at_step("staged");
    for (const auto& [path, record] : former.files) {
        if (!state.manifest.files.contains(path)) {
            ::unlink((state.directory / path).c_str());
        }
    }
    at_step("unlinked");
}

void Collection::verify(const std::string& relative, const Manifest& manifest) const {
    const auto file = path(relative);
    const auto known = manifest.files.find(relative);
    if (known == manifest.files.end()) {
        throw Error{"the manifest does not name this file", file.string(),
                    mending_remedy(directory(), manifest, relative)};
    }
    const auto& checksum = known->second.checksum;
    {
        const std::lock_guard lock(state_->verified_mutex);
        const auto done = state_->verified.find(relative);
        if (done != state_->verified.end() && done->second == checksum) return;
    }
    files()->read(relative, [&](const fs::path& path) {
        verify_file(path, known->second, mending_remedy(directory(), manifest, relative));
        return true;
    });
    const std::lock_guard lock(state_->verified_mutex);
    state_->verified[relative] = checksum;
}

bool Collection::is_whole(const std::string& relative) const {
    try {
        verify(relative);
        return true;
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        return false;
    }
}

const SpaceRecord& Collection::space(const std::string& name) const {
    const auto& spaces = manifest().spaces;
    const auto found = spaces.find(name);
    if (found != spaces.end()) return found->second;
    std::vector<std::string> names;
    names.reserve(spaces.size());
    for (const auto& [other, record] : spaces)
        names.push_back(other);
    throw Error{fmt::format("the collection has no space '{}' (it has: {})", name,
                            names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))),
                directory().string(),
                Remedy{"make it with",
                       {{"embed", directory().string(), {"--model", "PACKAGE", "--space", name}}}}};
}

void set_commit_hook(std::function<void(const char* step)> hook) {
    commit_hook() = std::move(hook);
}

}  // namespace pmatch
