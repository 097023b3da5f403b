#include <fmt/format.h>

#include "core/files/hash.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

std::int64_t number(const sqlite::Database& database, const std::string& sql) {
    auto query = database.prepare(sql);
    return query.step() ? query.integer(0) : -1;
}

void expect(std::int64_t found, std::int64_t wanted, const char* what) {
    if (found == wanted) return;
    throw Error{fmt::format("{}: found {}, expected {}", what, found, wanted), {}, {}};
}

/// SQLite's own integrity check.
void check_database(const sqlite::Database& database) {
    auto query = database.prepare("PRAGMA integrity_check(1)");
    if (query.step() && query.text(0) != "ok") {
        throw Error{fmt::format("SQLite says: {}", query.text(0)), {}, {}};
    }
}

void check_counts(const sqlite::Database& database, const ItemsRecord& record) {
    expect(number(database, "SELECT count(*) FROM items"), record.count, "items");
    expect(number(database, "SELECT count(*) FROM pictures"), record.pictures, "pictures");
    expect(number(database, "SELECT count(*) FROM ledger"), record.skipped, "rows of the ledger");
    expect(number(database, fmt::format("SELECT count(*) FROM items WHERE row < 0 OR row >= {}",
                                        record.next_row)),
           0, "items whose row was never given");
    expect(
        number(database, "SELECT count(*) FROM pictures WHERE row NOT IN (SELECT row FROM items)"),
        0, "pictures of no item");
    expect(number(database, "SELECT count(*) FROM pictures WHERE length(hash) <> 16"), 0,
           "pictures without a content hash");
}

void check_texts(const sqlite::Database& database) {
    auto query = database.prepare("SELECT row, text, text_hash FROM items");
    while (query.step()) {
        const auto hash = hash128(query.text(1));
        const auto said = query.blob(2);
        if (!std::equal(said.begin(), said.end(), hash.bytes.begin(), hash.bytes.end())) {
            throw Error{
                fmt::format("row {}: the hash of the text is another", query.integer(0)), {}, {}};
        }
    }
}

void check_part(const PartRecord& part, const std::vector<CaptionEntry>& entries,
                const std::string& file, std::int64_t next_row) {
    std::int64_t good = 0;
    for (const auto& entry : entries) {
        good += entry.good() ? 1 : 0;
        if (entry.key.row >= next_row) {
            throw Error{
                fmt::format("it describes row {}, the items end at {}", entry.key.row, next_row),
                file,
                {}};
        }
    }
    const auto skipped = static_cast<std::int64_t>(entries.size()) - good;
    if (good != part.rows || skipped != part.skipped) {
        throw Error{fmt::format("it has {} captions and {} skipped pictures, the manifest says {} "
                                "and {}",
                                good, skipped, part.rows, part.skipped),
                    file,
                    {}};
    }
}

}  // namespace

bool examine_items(Examination& examination) {
    const auto& collection = examination.collection();
    const auto& record = examination.manifest().items;
    return examination.check("items", {}, record.file, [&] {
        collection.verify(record.file);
        const auto database = open_items(collection.directory() / record.file);
        check_database(database);
        check_counts(database, record);
        check_texts(database);
        return fmt::format("{} items, {} pictures, {} skipped inputs", record.count,
                           record.pictures, record.skipped);
    });
}

std::string finding_name(const Source& captions) {
    return captions == Source::captions() ? "" : captions.caption_name();
}

void examine_captions(Examination& examination, const Source& captions) {
    const auto& manifest = examination.manifest();
    const auto& collection = examination.collection();
    const auto name = finding_name(captions);
    const auto& parts = manifest.captions.at(captions.caption_name()).parts;
    bool whole = true;
    for (const auto& part : parts) {
        whole &= examination.check_silently("captions", name, part.file, [&] {
            auto only = manifest;
            only.captions.at(captions.caption_name()).parts = {part};
            const auto entries = read_captions(*collection.files(), only, captions);
            check_part(part, entries, (collection.directory() / part.file).string(),
                       manifest.items.next_row);
        });
    }
    if (!whole) return;
    examination.check("captions", name, {}, [&] {
        const auto count = count_captions(collection, captions);
        return fmt::format("{} captions and {} skipped pictures in {} parts", count.done,
                           count.skipped, parts.size());
    });
}

}  // namespace pmatch
