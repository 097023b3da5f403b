#include "cli/build_index.hpp"

#include <fmt/format.h>

#include <chrono>

#include "cli/completeness.hpp"
#include "core/index_builder.hpp"
#include "core/index_layout.hpp"
#include "data/collection_files.hpp"
#include "data/embedding_space.hpp"

namespace pmatch::cli {
namespace {

bool is_up_to_date(const Manifest& manifest, const std::string& space, const std::string& layout) {
    const auto entry = manifest.indexes.find(space);
    if (entry == manifest.indexes.end()) return false;
    const auto& record = manifest.spaces.at(space);
    return !record.stamp.empty() && entry->second.stamp == record.stamp &&
           entry->second.fingerprint == record.fingerprint && entry->second.layout == layout;
}

/// A damaged file is not up to date.
bool is_whole(const Collection& collection, const std::string& space) {
    try {
        for (const auto& file : collection.manifest().indexes.at(space).files)
            collection.verify(file);
        return true;
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        return false;
    }
}

std::string recall_phrase(const IndexBuild& build) {
    if (build.recall_sample == 0) return "exact";
    return fmt::format("recall@10 {:.3f} of exact search on {} vectors", build.recall,
                       build.recall_sample);
}

Index index_of(const Collection& collection, const std::string& space, const IndexOptions& options,
               const Console& console) {
    const auto& record = collection.space(space);
    IndexBuilder builder(record.dim, options, record.live);
    if (builder.wants_sample()) {
        for_each_live_block(collection, space,
                            [&](std::span<const VectorKey>, std::span<const float> vectors) {
                                builder.sample(vectors);
                            });
    }
    Progress progress(console, "build-index " + space, record.live);
    std::int64_t done = 0;
    std::vector<std::int64_t> rows;
    for_each_live_block(collection, space,
                        [&](std::span<const VectorKey> keys, std::span<const float> vectors) {
                            rows.clear();
                            for (const auto& key : keys)
                                rows.push_back(key.row);
                            builder.add(rows, vectors);
                            progress.update(done += static_cast<std::int64_t>(keys.size()));
                        });
    return builder.finish();
}

IndexOrigin origin_of(const std::string& space, const SpaceRecord& record) {
    IndexOrigin origin;
    origin.space = space;
    origin.model = record.model;
    origin.fingerprint = record.fingerprint;
    origin.normalized = record.normalized;
    for (const auto& part : record.parts)
        origin.parts.push_back(part.file);
    return origin;
}

/// Writes the files beside those in use and swaps them in with the manifest.
void publish(Collection& collection, const std::string& space, const Index& index,
             const std::string& layout) {
    const auto& record = collection.space(space);
    make_directories(collection.directory() / kIndexesFolder);
    const auto names = IndexFiles::of("indexes", space);
    const auto staged = [&](const std::filesystem::path& name) {
        return temporary_path(collection.directory() / name);
    };
    const auto records = index.save(
        {staged(names.faiss), staged(names.rows), staged(names.sidecar)}, origin_of(space, record));
    auto next = collection.manifest();
    IndexEntry entry;
    entry.layout = layout;
    entry.fingerprint = record.fingerprint;
    entry.count = index.count();
    entry.stamp = record.stamp;
    entry.files = {names.faiss.string(), names.rows.string(), names.sidecar.string()};
    entry.items = next.items.file;
    entry.missing = missing_inputs(collection, space);
    next.indexes[space] = std::move(entry);
    collection.commit(std::move(next), {{names.faiss.string(), records.faiss},
                                        {names.rows.string(), records.rows},
                                        {names.sidecar.string(), records.sidecar}});
}

/// The index stays as it is; what it does not cover may have changed.
void note_coverage(Collection& collection, const std::string& space) {
    const auto missing = missing_inputs(collection, space);
    auto next = collection.manifest();
    auto& entry = next.indexes.at(space);
    if (entry.items == next.items.file && entry.missing == missing) return;
    entry.items = next.items.file;
    entry.missing = missing;
    collection.commit(std::move(next));
}

}  // namespace

BuiltIndex build_index(Collection& collection, const std::string& space,
                       const IndexOptions& options, const Console& console) {
    const auto start = std::chrono::steady_clock::now();
    const auto& record = collection.space(space);
    if (record.live == 0 || record.stamp.empty()) {
        const auto directory = collection.directory().string();
        const bool some_left = missing_inputs(collection, space) > 0;
        throw Error{fmt::format("space '{}' has no vectors", space), directory,
                    some_left ? embed_command(directory, space, record)
                              : fmt::format("no input could be used: `pmatch ledger {}` says why",
                                            directory)};
    }
    BuiltIndex result;
    result.count = record.live;
    result.layout = resolve_layout(options.layout, record.live);
    if (is_up_to_date(collection.manifest(), space, result.layout) && is_whole(collection, space)) {
        note_coverage(collection, space);
        return result;
    }

    const auto index = index_of(collection, space, options, console);
    publish(collection, space, index, result.layout);
    result.fresh = true;
    result.recall = recall_phrase(index.build_info());
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

}  // namespace pmatch::cli
