#include "data/items/shared_inputs.hpp"

#include <algorithm>

#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

constexpr const char* kPictures =
    "SELECT hash, COUNT(DISTINCT row) AS n, MIN(row) FROM pictures GROUP BY hash HAVING n >= ?"
    " ORDER BY n DESC, hash";
constexpr const char* kTexts =
    "SELECT text_hash, COUNT(*) AS n, MIN(row) FROM items WHERE text <> '' GROUP BY text_hash"
    " HAVING n >= ? ORDER BY n DESC, text_hash";
constexpr const char* kRows =
    "SELECT row FROM items WHERE text <> '' AND text_hash IN (SELECT text_hash FROM items"
    " WHERE text <> '' GROUP BY text_hash HAVING COUNT(*) >= ?) ORDER BY row";

sqlite::Database database_of(const Collection& collection) {
    const auto& file = collection.manifest().items.file;
    collection.verify(file);
    return collection.files()->read(file, open_items);
}

/// `written` selects what is shown of an input, given a row and a hash.
std::vector<SharedInput> shared(const sqlite::Database& database, const char* counted,
                                const char* written, std::int64_t at_least) {
    auto groups = database.prepare(counted);
    auto one = database.prepare(written);
    groups.bind(1, at_least);
    std::vector<SharedInput> found;
    while (groups.step()) {
        auto& input = found.emplace_back();
        const auto hash = groups.blob(0);
        std::copy_n(hash.begin(), std::min(hash.size(), input.content.bytes.size()),
                    input.content.bytes.begin());
        input.items = groups.integer(1);
        one.reset();
        one.bind(1, groups.integer(2)).bind_blob(2, input.content.bytes);
        if (one.step()) input.written = std::string(one.text(0));
    }
    return found;
}

}  // namespace

std::vector<SharedInput> shared_pictures(const Collection& collection, std::int64_t at_least) {
    if (collection.manifest().items.file.empty()) return {};
    return shared(database_of(collection), kPictures,
                  "SELECT written FROM pictures WHERE row = ? AND hash = ?", at_least);
}

std::vector<SharedInput> shared_texts(const Collection& collection, std::int64_t at_least) {
    if (collection.manifest().items.file.empty()) return {};
    return shared(database_of(collection), kTexts,
                  "SELECT text FROM items WHERE row = ? AND text_hash = ?", at_least);
}

RowSet rows_of_shared_texts(const Collection& collection, std::int64_t at_least) {
    const auto database = database_of(collection);
    auto query = database.prepare(kRows);
    query.bind(1, at_least);
    RowSet rows;
    while (query.step())
        rows.insert(query.integer(0));
    return rows;
}

}  // namespace pmatch
