/// Makes a catalog the items of a collection.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "data/catalog/catalog.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Against the items before. Nothing is written when the catalog says what the collection holds.
struct IngestReport {
    std::int64_t items = 0;
    std::int64_t added = 0;
    std::int64_t changed = 0;  ///< text, cells or picture bytes differ
    std::int64_t removed = 0;
    std::int64_t unchanged = 0;
    std::int64_t pictures = 0;  ///< usable ones
    std::int64_t skipped = 0;   ///< ledger rows: bad rows, repeated ids, unusable pictures
};

struct IngestOptions {
    enum class Mode {
        kReplace,  ///< the catalog is all there is: items it lacks are removed
        kUpsert    ///< the catalog's items are added or replaced, all others stay as they are
    };
    Mode mode = Mode::kReplace;
    /// Ids of items that go, whatever the catalog says.
    std::set<std::string> deleted;
    /// kUpsert: columns of the collection that the catalog lacks are absent; else that is an Error.
    bool columns_may_be_absent = false;
    /// Pictures resolve against it and nothing outside it is read; default: the reader's root.
    std::optional<std::filesystem::path> image_root;
    /// Called now and then with the number of records read.
    std::function<void(std::int64_t)> progress;
    /// Once true, ingest returns an empty report and the collection stays as it was.
    const std::atomic<bool>* stop = nullptr;
    std::string source;  ///< what is ingested, for people
};

/// `open_source` is called twice: the first pass learns which columns are numbers. Without it the
/// deleted items go, and nothing else changes. An item keeps its row as long as its id stays; a
/// catalog without a usable item is an Error and changes nothing. The views of all spaces follow in
/// the same commit.
IngestReport ingest(Collection& collection,
                    const std::function<std::unique_ptr<CatalogReader>()>& open_source,
                    const IngestOptions& options);

}  // namespace pmatch
