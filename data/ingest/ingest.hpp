/// Imports a catalog as the items of a collection.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/catalog/catalog.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Number of inputs by the code of their problem.
using CodeCounts = std::map<std::string, std::int64_t>;

/// Counts relative to the previous items. Nothing is written if the catalog equals the collection.
struct IngestReport {
    std::int64_t items = 0;
    std::int64_t added = 0;
    std::int64_t changed = 0;  ///< text, cells or picture bytes differ
    std::int64_t removed = 0;
    std::int64_t unchanged = 0;
    std::int64_t moved = 0;        ///< unchanged ones whose pictures have other paths
    std::int64_t pictures = 0;     ///< usable pictures
    std::int64_t blank_texts = 0;  ///< texts without a letter or number, which count as none
    std::int64_t skipped = 0;      ///< ledger rows: bad rows, repeated ids, unusable pictures
    CodeCounts skipped_rows;       ///< of the catalog; an open quote counts all lines that it took
    CodeCounts skipped_pictures;
    std::string worst_row;             ///< "line 13: why", of the row that took most lines with it
    std::size_t worst_lines = 0;       ///< how many
    std::size_t breaks_off = 0;        ///< line of the unusable row in which the file ends; 0: none
    std::vector<std::string> remarks;  ///< CatalogReader::remarks()
};

struct IngestOptions {
    enum class Mode {
        kReplace,  ///< the catalog is complete: items missing in it are removed
        kUpsert    ///< the catalog's items are added or replaced, all others are kept
    };
    Mode mode = Mode::kReplace;
    /// Ids of items to remove, even if they are in the catalog.
    std::set<std::string> deleted;
    /// kUpsert: columns of the collection missing in the catalog are left empty instead of causing
    /// an Error.
    bool columns_may_be_absent = false;
    /// The share of the catalog's rows that may be unusable, and of the items, their pictures, and
    /// the cells of a column that may be gone. More is an Error that keeps the collection as it
    /// was; a new one keeps what could be read.
    double max_loss = 0.5;
    /// Base of relative picture paths, outside of which no file is read; default: the reader's
    /// root.
    std::optional<std::filesystem::path> image_root;
    /// Called periodically with the number of records read.
    std::function<void(std::int64_t)> progress;
    /// If set, ingest stops, returns an empty report and leaves the collection unchanged.
    const std::atomic<bool>* stop = nullptr;
    std::string source;  ///< name of the catalog, for people
};

/// `open_source` is called twice: the first pass detects numeric columns. Without it, only the
/// deleted items are removed. An item keeps its row as long as its id exists; a catalog without a
/// usable item, or with too great a loss, is an Error and changes nothing. The views of all spaces
/// are updated in the same commit.
IngestReport ingest(Collection& collection,
                    const std::function<std::unique_ptr<CatalogReader>()>& open_source,
                    const IngestOptions& options);

}  // namespace pmatch
