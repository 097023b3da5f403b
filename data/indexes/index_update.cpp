#include "data/indexes/index_update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "core/index/faiss_index.hpp"
#include "core/index/index_builder.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/embeddings/provenance.hpp"
#include "data/indexes/index_keys.hpp"
#include "data/indexes/index_plan.hpp"
#include "data/indexes/open_space_index.hpp"

namespace pmatch {
namespace {

using Keys = std::vector<InputKey>;
using KeySpan = std::span<const InputKey>;

std::int64_t missing_inputs(const Collection& collection, const std::string& space) {
    const auto counts = count_pending(collection, space, {});
    return counts.total - counts.done - counts.skipped;
}

void sample_all(const Collection& collection, const std::string& space, IndexBuilder& builder) {
    if (!builder.wants_sample()) return;
    for_each_live_block(collection, space,
                        [&](KeySpan, std::span<const float> vectors) { builder.sample(vectors); });
}

void add(IndexBuilder& builder, KeySpan keys, std::span<const float> vectors) {
    std::vector<std::int64_t> rows;
    rows.reserve(keys.size());
    for (const auto& key : keys)
        rows.push_back(key.row);
    builder.add(rows, vectors);
}

/// `keys` is set to the key of each position.
Index build_anew(const Collection& collection, const std::string& space,
                 const IndexOptions& options, const IndexProgress& progress, Keys& keys) {
    const auto& record = collection.space(space);
    IndexBuilder builder(record.dim, options, record.live);
    sample_all(collection, space, builder);
    keys.clear();
    for_each_live_block(collection, space, [&](KeySpan block, std::span<const float> vectors) {
        add(builder, block, vectors);
        keys.insert(keys.end(), block.begin(), block.end());
        if (progress) progress(static_cast<std::int64_t>(keys.size()));
    });
    return builder.finish();
}

/// Adds the new vectors to the index, and measures recall over all live ones.
Index extend(const Collection& collection, const std::string& space, IndexPlan plan,
             const IndexProgress& progress, Keys& keys) {
    const auto dim = static_cast<std::size_t>(plan.former->dim());
    keys = plan.keys->keys();
    for (const auto position : plan.dead)
        keys[static_cast<std::size_t>(position)].row = -1;
    IndexBuilder builder(std::move(*plan.former), plan.dead, plan.added);
    sample_all(collection, space, builder);
    std::int64_t seen = 0;
    const auto take = [&](KeySpan block, std::span<const float> vectors) {
        Keys fresh;
        std::vector<float> values;
        std::vector<std::int64_t> positions;
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (const auto position = plan.keys->find(block[i])) {
                positions.push_back(*position);
                continue;
            }
            positions.push_back(static_cast<std::int64_t>(keys.size() + fresh.size()));
            fresh.push_back(block[i]);
            const auto vector = vectors.subspan(i * dim, dim);
            values.insert(values.end(), vector.begin(), vector.end());
        }
        add(builder, fresh, values);
        builder.compare(positions, vectors);
        keys.insert(keys.end(), fresh.begin(), fresh.end());
        if (progress) progress(seen += static_cast<std::int64_t>(block.size()));
    };
    // Exact indexes need no recall measurement, so their old vectors are not read.
    const auto only_new = [&](const InputKey& key) { return !plan.keys->find(key); };
    if (builder.wants_sample()) {
        for_each_live_block(collection, space, take);
    } else {
        for_each_live_block(collection, space, take, only_new);
    }
    return builder.finish();
}

/// Writes the files beside those in use; the manifest then switches to them.
void publish(Collection& collection, const std::string& space, const Index& index,
             const Keys& keys) {
    const auto& record = collection.space(space);
    make_directories(collection.directory() / kIndexesFolder);
    const auto names = IndexFiles::of(kIndexesFolder, space);
    const std::string keys_name = fmt::format("{}/{}.keys.npy", kIndexesFolder, space);
    const auto staged = [&](const std::filesystem::path& name) {
        return temporary_path(collection.directory() / name);
    };
    const auto records =
        index.save({staged(names.faiss), staged(names.rows), staged(names.sidecar)},
                   origin_of(record, space, index.build_info().layout));
    const auto keys_record = write_index_keys(staged(keys_name), keys);
    auto next = collection.manifest();
    IndexEntry entry;
    entry.layout = index.build_info().layout;
    entry.fingerprint = record.fingerprint;
    entry.count = index.count() - index.hidden();
    entry.stamp = record.stamp;
    entry.files = {names.faiss.string(), names.rows.string(), names.sidecar.string(), keys_name};
    entry.items = next.items.file;
    entry.missing = missing_inputs(collection, space);
    next.indexes[space] = std::move(entry);
    collection.commit(std::move(next), {{names.faiss.string(), records.faiss},
                                        {names.rows.string(), records.rows},
                                        {names.sidecar.string(), records.sidecar},
                                        {keys_name, keys_record}});
}

/// The index is unchanged, but the inputs without a vector may have changed.
void note_coverage(Collection& collection, const std::string& space) {
    const auto missing = missing_inputs(collection, space);
    auto next = collection.manifest();
    auto& entry = next.indexes.at(space);
    if (entry.items == next.items.file && entry.missing == missing) return;
    entry.items = next.items.file;
    entry.missing = missing;
    collection.commit(std::move(next));
}

/// A damaged file counts as outdated.
bool is_up_to_date(const Collection& collection, const std::string& space,
                   const std::string& layout) {
    const auto& manifest = collection.manifest();
    const auto entry = manifest.indexes.find(space);
    if (entry == manifest.indexes.end()) return false;
    const auto& index = entry->second;
    return index.layout == layout && is_current(index, manifest.spaces.at(space)) &&
           std::all_of(index.files.begin(), index.files.end(),
                       [&](const std::string& file) { return collection.is_whole(file); });
}

}  // namespace

UpdatedIndex update_index(Collection& collection, const std::string& space,
                          const IndexOptions& options, const IndexProgress& progress) {
    const auto live = collection.space(space).live;
    UpdatedIndex result;
    result.count = live;
    auto settled = options;
    settled.layout = settle_layout(collection.manifest(), space, options.layout, live);
    result.layout = settled.layout;
    if (is_up_to_date(collection, space, settled.layout)) {
        note_coverage(collection, space);
        return result;
    }
    auto plan = plan_index(collection, space, settled.layout);
    result.reason = plan.reason;
    result.added = plan.added;
    const bool extends = plan.former.has_value();
    result.how = extends ? UpdatedIndex::How::kExtended : UpdatedIndex::How::kRebuilt;
    Keys keys;
    const auto index = extends ? extend(collection, space, std::move(plan), progress, keys)
                               : build_anew(collection, space, settled, progress, keys);
    publish(collection, space, index, keys);
    result.build = index.build_info();
    return result;
}

}  // namespace pmatch
