/// Internal to data/: the items before an ingest, for comparison and to carry over.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/files/hash.hpp"
#include "data/catalog/catalog.hpp"
#include "data/collection/collection.hpp"
#include "data/ingest/picture_hash.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {

/// Hash of everything that defines an item: named cells, text, usable pictures.
Hash128 content_hash(const std::vector<FieldRecord>& fields, const CatalogRecord& record,
                     const std::vector<HashedPicture>& pictures);

/// An item in the form of a catalog record. An unusable picture has an empty name and a problem
/// without a code; the ledger has the reason.
struct FormerItem {
    CatalogRecord record;
    std::vector<HashedPicture> pictures;
};

/// Empty for a new collection.
class PreviousItems {
public:
    explicit PreviousItems(const Collection& collection);

    struct Found {
        std::int64_t row = 0;
        bool same = false;  ///< the content hashes are equal
    };
    std::optional<Found> find(const std::string& id, const Hash128& content);

    /// Whether the item in this row has the same content as `record` but for the cells of
    /// `columns`.
    bool same_but_for(const std::vector<std::string>& columns, std::int64_t row,
                      const std::vector<FieldRecord>& fields, const CatalogRecord& record,
                      const std::vector<HashedPicture>& pictures) const;

    /// In ascending rows; items whose id `wanted` rejects are not read.
    void for_each(const std::function<bool(const std::string& id)>& wanted,
                  const std::function<void(const FormerItem&)>& take) const;
    /// In their order.
    void for_each_ledger_row(const std::function<void(const Skipped&)>& take) const;

    bool has(const std::string& id);

    const ItemsRecord& record() const { return record_; }
    std::int64_t count() const { return record_.count; }
    const std::vector<FieldRecord>& fields() const { return record_.fields; }
    const std::optional<sqlite::Database>& database() const { return database_; }

private:
    ItemsRecord record_;
    std::optional<sqlite::Database> database_;
    std::optional<sqlite::Statement> find_;
};

}  // namespace pmatch
