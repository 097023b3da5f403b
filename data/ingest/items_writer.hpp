/// Internal to data/: writes one generation of the items table.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "data/catalog/catalog.hpp"
#include "data/collection/manifest.hpp"
#include "data/ingest/picture_hash.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {

class ItemsWriter {
public:
    /// A new database under `temporary`; one transaction.
    ItemsWriter(const std::filesystem::path& temporary, const std::vector<FieldRecord>& fields);

    /// Returns false, without writing, if an earlier record has the same id.
    bool add_item(std::int64_t row, const CatalogRecord& record, const Hash128& content);
    void add_picture(std::int64_t row, std::size_t ordinal, const std::string& written,
                     const std::filesystem::path& path, const Hash128& hash);
    void add_to_ledger(const Skipped& skipped);

    /// Commits; the file is complete once this object is destroyed.
    void finish();

private:
    static sqlite::Database make_tables(const std::filesystem::path& temporary,
                                        const std::vector<FieldRecord>& fields);
    void bind_numbers(const CatalogRecord& record);

    std::vector<FieldRecord> fields_;
    sqlite::Database database_;
    sqlite::Statement item_;
    sqlite::Statement picture_;
    sqlite::Statement ledger_;
};

}  // namespace pmatch
