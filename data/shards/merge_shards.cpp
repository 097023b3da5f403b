#include "data/shards/merge_shards.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "core/common/error.hpp"
#include "data/captions/caption_store.hpp"
#include "data/collection/collection_files.hpp"
#include "data/collection/collection_lock.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/shards/find_shards.hpp"
#include "data/shards/shard_coverage.hpp"
#include "data/shards/shard_parts.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

std::vector<ShardList> all_shards(const fs::path& own, const std::vector<fs::path>& directories) {
    std::vector<ShardList> lists;
    std::error_code none;
    if (fs::is_directory(own, none)) lists = find_shards(own);
    for (const auto& directory : directories) {
        auto found = find_shards(directory);
        if (found.empty()) {
            throw Error{"there is no shard", directory.string(),
                        "name a directory in which `pmatch embed --shard` has written: a copy of "
                        "the collection, its folder 'staging', or one shard's"};
        }
        for (auto& list : found) {
            const bool known = std::any_of(lists.begin(), lists.end(), [&](const ShardList& other) {
                return other.directory == list.directory;
            });
            if (!known) lists.push_back(std::move(list));
        }
    }
    return lists;
}

/// Nothing to merge is well where a merge has been before, as of a job that is run again.
void check_any_vectors(const Collection& collection) {
    const auto has_parts = [](const auto& one) { return !one.second.parts.empty(); };
    const auto& manifest = collection.manifest();
    if (std::any_of(manifest.spaces.begin(), manifest.spaces.end(), has_parts) ||
        std::any_of(manifest.captions.begin(), manifest.captions.end(), has_parts)) {
        return;
    }
    throw Error{"no shard waits to be merged", collection.given_path(),
                Remedy("make them first:",
                       {Command{"embed", {}, {"--model", "PACKAGE", "--shard", "0/2"}}})};
}

/// Held until the merge is done, so that nobody goes on with a shard meanwhile.
using Locks = std::vector<std::unique_ptr<CollectionLock>>;

Locks lock_all(const std::vector<ShardList>& lists) {
    Locks locks;
    for (const auto& list : lists) {
        const auto file = list.directory / kShardLockName;
        if (::access(file.c_str(), W_OK) != 0) continue;  // a copy that nobody can write to
        locks.push_back(CollectionLock::if_free(file));
        if (locks.back()) continue;
        throw Error{fmt::format("{} is still being written", list.title()), list.directory.string(),
                    "wait until it is done, then merge again"};
    }
    return locks;
}

/// Links the file to the name expected by commit(); copies it if links are not supported.
void stage(const fs::path& from, const fs::path& target) {
    make_directories(target.parent_path());
    const auto temporary = temporary_path(target);
    std::error_code failed;
    fs::remove(temporary, failed);
    fs::create_hard_link(from, temporary, failed);
    if (failed) fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, failed);
    if (!failed) return;
    throw SystemError{fmt::format("cannot take the part over: {}", failed.message()),
                      target.string(), "check the disk and the directory's permissions"};
}

/// Adds the group's parts to `next`, and their files to `staged`.
template <typename Record, typename FileName>
void add_parts(const Collection& collection, const ShardGroup& group, Record& record,
               const FileName& file_name, std::vector<StagedFile>& staged) {
    for (const auto& list : group) {
        for (const auto& [part, file] : list.parts) {
            auto added = part;
            added.file = file_name(list.name, record.next_part++);
            stage(list.directory / part.file, collection.directory() / added.file);
            staged.push_back({added.file, file});
            record.parts.push_back(std::move(added));
        }
    }
}

void add_group(const Collection& collection, const ShardGroup& group, Manifest& next,
               std::vector<StagedFile>& staged) {
    const auto& first = group.front();
    if (first.captions) {
        add_parts(collection, group, begun_record(next.captions, first.name, *first.captions),
                  caption_part_file, staged);
        return;
    }
    auto& space = begun_record(next.spaces, first.name, first.space);
    add_parts(collection, group, space, part_file, staged);
    space.stamp.clear();
}

void finish(Collection& collection, const MergedShards& merged) {
    if (merged.captions) {
        finish_captions(collection, Source::captions(merged.name));
    } else {
        SpaceWriter(collection, merged.name).finish();
    }
}

/// Removes the directories of a staging folder that have no list: what a merge that was killed has
/// left. A directory that somebody writes to is left alone.
void remove_remains(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(folder / kShardListName, ignored)) return;
    std::unique_ptr<CollectionLock> lock;
    const auto lock_file = folder / kShardLockName;
    if (fs::exists(lock_file, ignored)) {
        lock = CollectionLock::if_free(lock_file);
        if (!lock) return;
    }
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.is_symlink(ignored)) continue;
        if (entry.is_directory(ignored)) remove_remains(entry.path());
        if (entry.is_regular_file(ignored)) fs::remove(entry.path(), ignored);
    }
    fs::remove(folder, ignored);  // fails unless it is empty
}

/// Removes the lists of shards that lie in the staging folder, then the rest of them.
void remove_merged(const fs::path& staging, const std::vector<ShardList>& lists, Locks locks) {
    std::error_code ignored;
    const auto own = fs::canonical(staging, ignored);
    if (ignored) return;
    for (const auto& list : lists) {
        const auto inside = list.directory.lexically_relative(own);
        if (!inside.empty() && *inside.begin() != "..")
            fs::remove(list.directory / kShardListName, ignored);
    }
    locks.clear();
    remove_remains(own);
}

MergedShards summary(const ShardGroup& group, const ShardCoverage& coverage) {
    MergedShards merged;
    merged.name = group.front().name;
    merged.captions = group.front().captions.has_value();
    merged.shards = static_cast<int>(group.size());
    merged.count = group.front().shard.count;
    merged.there_before = coverage.pending == 0;
    for (const auto& list : group) {
        for (const auto& [part, file] : list.parts) {
            merged.rows += part.rows;
            merged.skipped += part.skipped;
        }
    }
    return merged;
}

}  // namespace

std::vector<MergedShards> merge_shards(Collection& collection,
                                       const std::vector<fs::path>& directories) {
    const auto staging = collection.directory() / kStagingFolder;
    remove_remains(staging);
    const auto lists = all_shards(staging, directories);
    if (lists.empty()) {
        check_any_vectors(collection);
        return {};
    }
    auto locks = lock_all(lists);
    auto next = collection.manifest();
    std::vector<StagedFile> staged;
    std::vector<MergedShards> result;
    std::vector<ShardGroup> fresh;
    for (auto& group : group_shards(lists)) {
        const auto coverage = coverage_of(collection, group);
        check_coverage(collection, group, coverage);
        result.push_back(summary(group, coverage));
        if (!result.back().there_before) fresh.push_back(std::move(group));
    }
    for (const auto& group : fresh)
        add_group(collection, group, next, staged);
    if (!fresh.empty()) collection.commit(std::move(next), staged);
    for (const auto& merged : result)
        finish(collection, merged);
    remove_merged(staging, lists, std::move(locks));
    return result;
}

}  // namespace pmatch
