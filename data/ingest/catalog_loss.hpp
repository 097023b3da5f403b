/// Whether a catalog has lost so much that it is more likely a broken file than a new state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "data/collection/manifest.hpp"
#include "data/ingest/ingest.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {

struct LostShare {
    std::int64_t lost = 0;
    std::int64_t all = 0;

    bool exceeds(double share) const {
        return static_cast<double>(lost) > share * static_cast<double>(all);
    }
};

struct LostColumn {
    std::string name;
    bool is_absent = false;  ///< the catalog has no such column
    LostShare cells;         ///< that are empty or gone, of as many as there are items
};

/// What a catalog lost, against the rows of its file and the items before it.
struct CatalogLoss {
    LostShare rows;      ///< rows of the file that no product was read from; repeated ids are known
    LostShare items;     ///< items missing in the catalog, without those of --delete
    LostShare pictures;  ///< of the items that stay
    std::vector<LostColumn> columns;  ///< those with fewer cells than before
    std::size_t breaks_off = 0;       ///< line of the row in which the file ends; 0: none
};

/// The error if more than `options.max_loss` of one of these is lost. `report` has the reasons and
/// `before` the state that is kept; its file is empty for a new collection.
std::optional<Error> too_great_a_loss(const CatalogLoss& loss, const IngestReport& report,
                                      const IngestOptions& options, const ItemsRecord& before);

/// "bad_quotes 1,989, duplicate_id 2", the most frequent first.
std::string counts_by_code(const CodeCounts& counts);

/// Pictures that items had before and lack now, of those that are in both states.
LostShare lost_pictures(const sqlite::Database& before, const sqlite::Database& now);

/// By field, the number of items with a cell in its column.
std::vector<std::int64_t> count_cells(const sqlite::Database& items,
                                      const std::vector<FieldRecord>& fields);

/// Columns are the same by find_column().
std::vector<LostColumn> lost_columns(const sqlite::Database& before, const ItemsRecord& record,
                                     const sqlite::Database& now,
                                     const std::vector<FieldRecord>& fields);

}  // namespace pmatch
