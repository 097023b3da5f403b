#include "cli/indexing/build_exact.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/text/number_text.hpp"
#include "data/collection/collection_files.hpp"
#include "data/collection/lexical_names.hpp"
#include "data/indexes/identifier_record.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch {
namespace {

/// Whether there are cells of it: of a column of the catalog, or captions.
bool has_column(const Manifest& manifest, const std::string& column) {
    const auto source = Source::parse(column);
    if (source.is_caption()) return has_source(manifest, source);
    const auto& fields = manifest.items.fields;
    return std::any_of(fields.begin(), fields.end(),
                       [&](const FieldRecord& field) { return field.name == column; });
}

void check_columns(const Manifest& manifest, const std::vector<std::string>& columns) {
    constexpr std::size_t kMost = 64;
    std::vector<std::string> known;
    for (const auto& field : manifest.items.fields)
        known.push_back(field.name);
    for (const auto& [name, record] : manifest.captions)
        known.push_back(Source::captions(name).name());
    const auto remedy = fmt::format("name columns of identifiers with --source; the columns are {}",
                                    fmt::join(known, ", "));
    std::set<std::string> seen;
    for (const auto& column : columns) {
        if (!has_column(manifest, column))
            throw UsageError{fmt::format("the items have no column '{}'", column), remedy};
        if (!seen.insert(column).second)
            throw UsageError{fmt::format("--source names '{}' twice", column), remedy};
    }
    if (columns.empty() || columns.size() > kMost) {
        throw UsageError{
            fmt::format("--source names {} columns, wanted: 1 to {}", columns.size(), kMost),
            remedy};
    }
}

bool is_up_to_date(const Collection& collection, const std::vector<std::string>& columns) {
    const auto& list = collection.manifest().exact;
    return list && list->columns == columns && is_current(collection.manifest(), *list) &&
           collection.is_whole(list->file);
}

}  // namespace

BuiltExact build_exact(Collection& collection, std::vector<std::string> columns) {
    const Items items(collection);
    for (auto& column : columns)
        column = source_named(collection.manifest(), column).name();
    check_columns(collection.manifest(), columns);
    if (is_up_to_date(collection, columns)) return {false, collection.manifest().exact->count, 0};
    IdentifierListBuilder builder(columns);
    add_identifiers(items, columns, builder);
    BuiltExact built{true, 0, builder.finish()};
    built.entries = builder.entries();
    if (built.entries == 0) {
        throw Error{fmt::format("no item has an identifier in {}", fmt::join(columns, ", ")),
                    collection.directory().string(), "choose other columns with --source"};
    }
    make_directories(collection.directory() / kIndexesFolder);
    const auto stamp = identifier_stamp(items, columns);
    const auto written = builder.write(temporary_path(collection.directory() / kExactFile), stamp);
    auto next = collection.manifest();
    next.exact = {columns, built.entries, stamp, next.items.file, kExactFile};
    collection.commit(std::move(next), {{kExactFile, written}});
    return built;
}

IdentifierList open_exact(const Collection& collection, const Observer& observer) {
    const auto& manifest = collection.manifest();
    const auto& record = *manifest.exact;
    if (is_current(manifest, record)) {
        return collection.files()->read(record.file, [&](const auto& path) {
            return IdentifierList::open(path, manifest.files.at(record.file));
        });
    }
    auto columns = record.columns;
    std::erase_if(columns, [&](const auto& column) { return !has_column(manifest, column); });
    IdentifierListBuilder builder(columns);
    add_identifiers(Items(collection), columns, builder);
    builder.finish();
    observer.note(
        {"query: the items have changed since the list of identifiers was built: one was "
         "made for this run",
         {"", {exact_command(collection.directory(), record)}, " makes it for all"}});
    return builder.in_memory();
}

}  // namespace pmatch
