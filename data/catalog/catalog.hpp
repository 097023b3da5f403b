/// Catalogs and query files: CSV, TSV, JSONL, or a directory of pictures.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// Which column means what. `ingest` records it and queries use it again.
struct FieldMapping {
    std::string id = "id";
    std::vector<std::string> text;    ///< joined by one space, in this order
    std::vector<std::string> images;  ///< a cell may hold several paths, separated by `|`

    friend bool operator==(const FieldMapping&, const FieldMapping&) = default;
};

struct CatalogRecord {
    std::size_t line = 0;               ///< where the record starts, from 1; 0 in a directory
    std::string id;                     ///< may be set when there is a problem, too
    std::vector<std::string> cells;     ///< aligned with fields(), as written; empty = absent
    std::string text;                   ///< empty = absent
    std::vector<std::string> pictures;  ///< as written, not yet resolved
    /// Code not empty: the record cannot be used. too_few_cells, too_many_cells, invalid_utf8,
    /// empty_id, bad_quotes, bad_json, row_too_large; in a directory also outside_image_root,
    /// missing.
    Problem problem;
};

class CatalogReader {
public:
    virtual ~CatalogReader() = default;

    /// All columns but the id, in column order; for JSONL all keys, in order of appearance.
    virtual const std::vector<std::string>& fields() const = 0;

    /// With every column spelled out. For a query file: those of the columns that it has.
    virtual const FieldMapping& mapping() const = 0;

    /// The next record; false at the end. Only the record in hand is in memory (and the list of
    /// files of a directory). A record is never lost: what cannot be used has a problem.
    virtual bool next(CatalogRecord& record) = 0;

    /// Where relative picture paths start when no --image-root is given.
    virtual std::filesystem::path picture_root() const = 0;
};

struct CatalogOptions {
    std::optional<std::string> id;    ///< default "id"
    std::vector<std::string> text;    ///< empty = all columns but id and pictures
    std::vector<std::string> images;  ///< empty = `image` if there is such a column
    /// Columns of `text` (of `images`) that the file lacks are absent in every record. For query
    /// files, which are read with the catalog's columns.
    bool text_may_be_absent = false;
    bool images_may_be_absent = false;
    std::string fix_for_id = "name the column with --id";  ///< said when the id column is missing
};

/// By extension: .csv, .tsv, .jsonl, .ndjson, or a directory: every picture below it is an item,
/// or one of several pictures of an item when the names differ in the extension only.
/// Throws Error when the source cannot be opened or a column is not there.
std::unique_ptr<CatalogReader> open_catalog(const std::filesystem::path& source,
                                            const CatalogOptions& options);

/// CSV with header, or JSONL when the first byte that is not blank is `{`. A record is returned
/// as soon as its line is complete. A JSONL stream without options.text has the keys of its
/// first record; later ones beyond them are ignored. `input` must live as long as the reader.
/// Relative picture paths start at the current directory.
std::unique_ptr<CatalogReader> open_catalog_stream(std::istream& input,
                                                   const CatalogOptions& options,
                                                   const std::string& name = "standard input");

}  // namespace pmatch
