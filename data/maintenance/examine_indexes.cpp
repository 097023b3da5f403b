#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/index/index_check.hpp"
#include "core/lexical/bm25.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/indexes/index_keys.hpp"
#include "data/indexes/lexical_record.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

IndexCheck open_index(const Collection& collection, const IndexEntry& entry) {
    const auto path = [&](std::size_t i) { return collection.directory() / entry.files.at(i); };
    const auto record = [&](std::size_t i) {
        return collection.manifest().files.at(entry.files.at(i));
    };
    return {{path(0), path(1), path(2)}, {record(0), record(1), record(2)}};
}

void check_sidecar(const IndexCheck& index, const IndexEntry& entry, const std::string& file) {
    const auto& [origin, build] = index.sidecar();
    if (build.count - build.dead == entry.count && build.layout == entry.layout &&
        origin.fingerprint == entry.fingerprint) {
        return;
    }
    throw Error{fmt::format("its sidecar says {} vectors in {} by {:.12}, the manifest {} in {} by "
                            "{:.12}",
                            build.count - build.dead, build.layout, origin.fingerprint, entry.count,
                            entry.layout, entry.fingerprint),
                file,
                {}};
}

/// For extended indexes, which have vectors in order of arrival; the keys give their positions.
void compare_by_key(const Collection& collection, const std::string& space,
                    const FileRecord& record, const std::filesystem::path& file,
                    IndexCheck& index) {
    IndexKeys keys(read_index_keys(file, record, index.rows()));
    for_each_live_block(collection, space, [&](auto block, auto vectors) {
        const auto width = vectors.size() / std::max<std::size_t>(1, block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto position = keys.find(block[i]);
            if (!position) {
                throw Error{
                    fmt::format("it lacks the vector of row {}", block[i].row), file.string(), {}};
            }
            index.compare_at(*position, block[i].row, vectors.subspan(i * width, width));
        }
    });
    index.finish();
}

void compare_vectors(const Collection& collection, const std::string& space,
                     const IndexEntry& entry, IndexCheck& index) {
    if (entry.files.size() > kIndexKeysFile) {
        const auto& name = entry.files[kIndexKeysFile];
        return compare_by_key(collection, space, collection.manifest().files.at(name),
                              collection.directory() / name, index);
    }
    std::vector<std::int64_t> rows;
    for_each_live_block(collection, space, [&](auto keys, auto vectors) {
        rows.clear();
        for (const auto& key : keys)
            rows.push_back(key.row);
        index.compare(rows, vectors);
    });
    index.finish();
}

/// The rows of the source's texts, without duplicates.
std::vector<std::int64_t> rows_of(const Items& items, const Source& source) {
    std::vector<std::int64_t> rows;
    auto cursor = items.inputs(source);
    while (cursor.next()) {
        if (rows.empty() || rows.back() != cursor.key().row) rows.push_back(cursor.key().row);
    }
    return rows;
}

std::string check_lexical(const Collection& collection, const LexicalRecord& record) {
    const auto file = collection.directory() / record.file;
    const auto index = Bm25Index::open(file, collection.manifest().files.at(record.file));
    const auto& info = index.info();
    if (info.items != record.count || info.stamp != record.stamp || info.source != record.source) {
        throw Error{fmt::format("it holds {} texts of '{}' (stamp {}), the manifest says {} of "
                                "'{}' (stamp {})",
                                info.items, info.source.name(), info.stamp, record.count,
                                record.source.name(), record.stamp),
                    file.string(),
                    {}};
    }
    if (!is_current(collection.manifest(), record)) return {};
    const Items items(collection);
    const auto rows = rows_of(items, record.source);
    if (text_stamp(items, record.source) != record.stamp ||
        !std::equal(rows.begin(), rows.end(), index.rows().begin(), index.rows().end())) {
        throw Error{
            "it says it is up to date, and holds other texts than the items", file.string(), {}};
    }
    const bool old = info.analyser_version < kAnalyserVersion;
    return fmt::format("{} texts, {} terms{}", info.items, info.terms,
                       old ? ", cut by an earlier version" : "");
}

}  // namespace

void examine_index(Examination& examination, const std::string& space, bool has_vectors) {
    const auto& collection = examination.collection();
    const auto entry = examination.manifest().indexes.find(space);
    const auto& record = examination.manifest().spaces.at(space);
    const auto directory = collection.directory().string();
    const auto remedy = record.live > 0
                            ? Remedy{Command{"build-index", directory, {"--space", space}}}
                            : no_inputs_remedy(directory);
    if (entry == examination.manifest().indexes.end()) {
        examination.add({"index", space, Finding::State::kStale, {}, "there is none", remedy});
        return;
    }
    const auto& files = entry->second.files;
    const bool current = entry->second.stamp == record.stamp && !record.stamp.empty() &&
                         entry->second.fingerprint == record.fingerprint;
    std::string detail;
    const bool whole = examination.check_silently("index", space, files.at(0), [&] {
        auto index = open_index(collection, entry->second);
        check_sidecar(index, entry->second, (collection.directory() / files.at(2)).string());
        if (current && has_vectors) compare_vectors(collection, space, entry->second, index);
        detail = fmt::format("{} vectors, layout {}{}", entry->second.count, entry->second.layout,
                             index.keeps_vectors() ? "" : ", compared by row");
    });
    if (!whole) return;
    if (current) return examination.good("index", space, detail);
    examination.add({"index", space, Finding::State::kStale, files.at(0),
                     record.live > 0 ? "the space has changed since it was built"
                                     : "the space has no vectors any more",
                     remedy});
}

void examine_lexical(Examination& examination, const std::string& name) {
    const auto& collection = examination.collection();
    const auto& record = examination.manifest().lexical.at(name);
    std::string detail;
    const bool whole = examination.check_silently(
        "lexical", name, record.file, [&] { detail = check_lexical(collection, record); });
    if (!whole) return;
    if (!detail.empty()) return examination.good("lexical", name, detail);
    if (!has_texts(collection, examination.manifest(), record.source)) {
        examination.add({"lexical", name, Finding::State::kStale, record.file,
                         fmt::format("no item has a text in '{}' any more", record.source.name()),
                         no_inputs_remedy(collection.directory().string())});
        return;
    }
    examination.add({"lexical", name, Finding::State::kStale, record.file,
                     "the texts have changed since it was built",
                     lexical_command(collection.directory(), record)});
}

}  // namespace pmatch
