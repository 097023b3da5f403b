#include "data/shards/shard_directory.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

std::string file_name(std::size_t number, const std::string& extension) {
    return fmt::format("part-{:06}{}", number, extension);
}

/// Its directory is made first: the lock lies in it.
fs::path lock_file(const fs::path& directory) {
    make_directories(directory);
    return directory / kShardLockName;
}

bool is_whole(const fs::path& path, const FileRecord& record) {
    try {
        verify_file(path, record, {});
        return true;
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        return false;
    }
}

/// Parts of the same encoder, of the same windows.
void check_same(const ShardList& known, const ShardList& wanted) {
    const auto refuse = [&](const std::string& what) {
        throw Error{what, known.directory.string(),
                    "give `--replace` to make this shard anew, or go on as it was begun"};
    };
    if (known.fingerprint() != wanted.fingerprint()) {
        refuse(fmt::format("{} was begun by a model with fingerprint {}, this one has {}",
                           known.title(), known.fingerprint(), wanted.fingerprint()));
    }
    if (known.window_rows != wanted.window_rows) {
        refuse(
            fmt::format("{} was begun in windows of {} rows, as another kind of device takes "
                        "them; this one takes {}",
                        known.title(), known.window_rows, wanted.window_rows));
    }
}

}  // namespace

ShardDirectory::ShardDirectory(ShardList begun, bool replace)
    : list_(std::move(begun)), lock_(lock_file(list_.directory), "this shard") {
    list_.parts.clear();
    std::error_code none;
    if (fs::exists(list_.directory / kShardListName, none) && !replace)
        take_over(read_shard_list(list_.directory));
    save(list_);
}

void ShardDirectory::take_over(const ShardList& known) {
    check_same(known, list_);
    for (const auto& part : known.parts) {
        if (!is_whole(list_.directory / part.part.file, part.file)) break;
        list_.parts.push_back(part);
    }
    damaged_ = static_cast<int>(known.parts.size() - list_.parts.size());
}

fs::path ShardDirectory::next_target(const std::string& extension) const {
    return list_.directory / file_name(list_.parts.size() + 1, extension);
}

void ShardDirectory::add(PartRecord part, const FileRecord& file, const std::string& extension) {
    part.file = file_name(list_.parts.size() + 1, extension);
    list_.parts.push_back({std::move(part), file});
    save(list_);
}

fs::path shard_directory(const Collection& collection, const std::string& name, bool captions,
                         const Shard& shard) {
    return collection.directory() / kStagingFolder /
           (captions ? kCaptionsFolder : kEmbeddingsFolder) / name /
           fmt::format("{}-of-{}", shard.index, shard.count);
}

}  // namespace pmatch
