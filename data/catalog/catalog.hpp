/// Catalogs and query files: CSV, TSV, JSONL, or a directory of pictures.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/problem.hpp"
#include "data/formats/table_format.hpp"

namespace pmatch {

/// What becomes of HTML in texts.
enum class Html {
    kAsStored,  ///< collections of earlier versions: a text is what is written, blank or not
    kKeep,      ///< markup is text
    kAuto       ///< texts that are HTML are read without their markup, see core/text/markup.hpp
};

/// The words of --html and of the manifest; empty for kAsStored.
std::string_view word_of(Html html);

/// What a cell says as a text of its own: without markup if `html` asks for it, and empty if it
/// holds neither letter nor number.
std::string text_of_cell(std::string_view cell, Html html);

/// The roles of columns. Recorded by `ingest` and reused for queries.
struct FieldMapping {
    std::string id = "id";
    std::vector<std::string> text;    ///< joined by one space, in this order
    std::vector<std::string> images;  ///< a cell may hold several paths, separated by `|`
    Html html = Html::kAuto;

    friend bool operator==(const FieldMapping&, const FieldMapping&) = default;
};

struct CatalogRecord {
    std::size_t line = 0;               ///< where the record starts, from 1; 0 in a directory
    std::size_t lines = 1;              ///< lines that an unusable record takes with it
    bool no_product = false;            ///< the problem is a row of empty cells or the header again
    bool breaks_off = false;            ///< the file ends in this record, which cannot be used
    std::string id;                     ///< may be set even if there is a problem
    std::vector<std::string> cells;     ///< in the order of fields(), as written; empty = absent
    std::string text;                   ///< empty = no text
    bool blank_text = false;            ///< there is a text, and it holds neither letter nor number
    std::vector<std::string> pictures;  ///< as written, not yet resolved
    /// Code not empty: the record cannot be used. too_few_cells, too_many_cells, invalid_utf8,
    /// empty_id, bad_quotes, bad_json, row_too_large, repeated_header, other_header; for
    /// directories also outside_image_root, missing.
    Problem problem;
};

class CatalogReader {
public:
    virtual ~CatalogReader() = default;

    /// All columns except the id, in column order; for JSONL all keys, in order of appearance.
    virtual const std::vector<std::string>& fields() const = 0;

    /// The resolved mapping with all columns named; for a query file, those that it has.
    virtual const FieldMapping& mapping() const = 0;

    /// The next record; false at the end. Only the current record is in memory (plus the list of
    /// files of a directory). No record is dropped: unusable ones have a problem.
    virtual bool next(CatalogRecord& record) = 0;

    /// Base of relative picture paths without --image-root.
    virtual std::filesystem::path picture_root() const = 0;

    /// What is unusual about the source as far as it was read, for people.
    virtual std::vector<std::string> remarks() const { return {}; }
};

struct CatalogOptions {
    std::optional<std::string> id;    ///< default "id"
    std::vector<std::string> text;    ///< empty = all columns except id and pictures
    std::vector<std::string> images;  ///< empty = `image` if that column exists
    /// Columns of `text` (of `images`) missing in the file are treated as empty in every record.
    /// For query files, which are read with the catalog's columns.
    bool text_may_be_absent = false;
    bool images_may_be_absent = false;
    Html html = Html::kAuto;
    std::string fix_for_id = "name the column with --id";  ///< remedy if the id column is missing
    TableFormat format{};
};

/// Opens by extension, in small or capital letters: .csv, .tsv, .jsonl, .ndjson, any other with
/// format.delimiter; or a directory, in which every picture, by its extension or content, is an
/// item (files that differ in the extension only are several pictures of one item); remarks()
/// counts the files left out. Columns are found by find_column(). Throws Error if the source cannot
/// be opened or a column is missing.
std::unique_ptr<CatalogReader> open_catalog(const std::filesystem::path& source,
                                            const CatalogOptions& options);

/// CSV with header, or JSONL if the first non-blank byte is `{`. A record is returned as soon as
/// its line is complete. A JSONL stream without options.text has the keys of its first record;
/// additional keys of later records are ignored. `input` must outlive the reader. Relative picture
/// paths start at the current directory.
std::unique_ptr<CatalogReader> open_catalog_stream(std::istream& input,
                                                   const CatalogOptions& options,
                                                   const std::string& name = "standard input");

}  // namespace pmatch
