#include "data/indexes/open_space_index.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/common/error.hpp"
#include "core/index/faiss_index.hpp"
#include "core/index/index_builder.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/indexes/index_keys.hpp"

namespace pmatch {
namespace {

const IndexEntry& entry_of(const Collection& collection, const std::string& space,
                           const Command& command) {
    const auto& manifest = collection.manifest();
    const auto& record = collection.space(space);
    const auto entry = manifest.indexes.find(space);
    if (entry == manifest.indexes.end()) {
        throw Error{fmt::format("space '{}' has no index", space), collection.directory().string(),
                    command};
    }
    if (entry->second.fingerprint != record.fingerprint) {
        throw Error{fmt::format("the index of space '{}' was built from vectors of fingerprint "
                                "{:.12}, the space now has {:.12}",
                                space, entry->second.fingerprint, record.fingerprint),
                    collection.directory().string(), command};
    }
    return entry->second;
}

}  // namespace

bool is_current(const IndexEntry& index, const SpaceRecord& space) {
    return !space.stamp.empty() && index.stamp == space.stamp &&
           index.fingerprint == space.fingerprint;
}

Index load_index(const Collection& collection, const IndexEntry& entry) {
    const auto file = [&](std::size_t i) {
        return collection.manifest().files.at(entry.files.at(i));
    };
    const std::vector names{entry.files.at(0), entry.files.at(1), entry.files.at(2)};
    return collection.files()->read(names, [&](const auto& paths) {
        return Index::load({paths[0], paths[1], paths[2]}, {file(0), file(1), file(2)});
    });
}

std::vector<InputKey> index_keys(const Collection& collection, const IndexEntry& entry,
                                 const Index& index) {
    if (entry.files.size() <= kIndexKeysFile) return {};
    const auto& file = entry.files[kIndexKeysFile];
    const auto& record = collection.manifest().files.at(file);
    return collection.files()->read(
        file, [&](const auto& path) { return read_index_keys(path, record, index.rows()); });
}

OpenedIndex open_space_index(const Collection& collection, const std::string& space,
                             const HiddenInputs& hidden) {
    const Command command{"build-index", collection.directory().string(), {"--space", space}};
    const auto& entry = entry_of(collection, space, command);
    const auto& record = collection.space(space);
    auto index = load_index(collection, entry);
    if (is_current(entry, record) && !hidden) return {LiveIndex(std::move(index))};
    auto known = index_keys(collection, entry, index);
    if (known.empty() && index.count() > 0) {
        throw Error{fmt::format("the index of space '{}' was built by an older pmatch, which did "
                                "not record the inputs of its vectors",
                                space),
                    collection.directory().string(), command};
    }
    IndexKeys keys(std::move(known));
    std::vector<std::int64_t> unwanted;
    std::vector<std::int64_t> rows;
    std::vector<float> vectors;
    for_each_live_block(
        collection, space,
        [&](std::span<const InputKey> fresh, std::span<const float> values) {
            for (const auto& key : fresh)
                rows.push_back(key.row);
            vectors.insert(vectors.end(), values.begin(), values.end());
        },
        [&](const InputKey& key) {
            const auto position = keys.find(key);
            if (!hidden || !hidden(key)) return !position;
            if (position) unwanted.push_back(*position);
            return false;
        });
    const auto dead = keys.not_found();
    index.hide(dead);
    if (!unwanted.empty()) index.hide(unwanted);
    const auto added = static_cast<std::int64_t>(rows.size());
    const auto died = static_cast<std::int64_t>(dead.size());
    if (rows.empty()) return {LiveIndex(std::move(index)), added, died};
    IndexOptions exact;
    exact.layout = "Flat";
    IndexBuilder builder(record.dim, exact, added);
    builder.add(rows, vectors);
    return {LiveIndex(std::move(index), builder.finish()), added, died};
}

}  // namespace pmatch
