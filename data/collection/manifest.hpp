/// collection.json, the manifest of a collection. Only files named in it are part of the
/// collection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/source.hpp"
#include "core/encoders/encoder.hpp"
#include "core/encoders/long_texts.hpp"
#include "core/files/atomic_file.hpp"
#include "data/catalog/catalog.hpp"

namespace pmatch {

/// One column of the catalog and its column in the items table.
struct FieldRecord {
    std::string name;     ///< as in the catalog
    std::string column;   ///< in the table `items`: the name, with a suffix if it clashed
    bool number = false;  ///< the column is REAL; the cells as written are in `items.written`

    /// A column of texts most of which are numbers: the REAL column with these, NULL for other
    /// cells. Empty = none.
    std::string number_column = {};
    /// Such a column whose numbers are names, with zeros in front or too long to count with.
    bool identifier = false;
    bool decimal_comma = false;  ///< "1.500" is 1500 in it
    std::int64_t unfit = 0;      ///< cells in which `number_column` has no number

    bool is_text_and_number() const { return !number_column.empty(); }
    /// "number", "text", "text and number" or "identifier".
    std::string_view type() const;

    friend bool operator==(const FieldRecord&, const FieldRecord&) = default;
};

struct ItemsRecord {
    std::string file;  ///< "items/items-000001.sqlite"; empty before the first ingest
    std::int64_t count = 0;
    std::int64_t pictures = 0;  ///< usable pictures
    std::int64_t next_row = 0;  ///< row of the next new id; rows are never reused
    std::int64_t skipped = 0;   ///< number of ledger rows
    FieldMapping mapping;
    std::vector<FieldRecord> fields;
    std::string source;      ///< what was ingested, for people
    std::string image_root;  ///< absolute; pictures resolve against it
    bool confined = false;   ///< --image-root was given: no file outside it is read
};

/// One immutable file with the results of inputs in ascending (row, ordinal).
struct PartRecord {
    std::string file;
    std::int64_t rows = 0;     ///< vectors
    std::int64_t skipped = 0;  ///< inputs without a vector
    std::int64_t first_row = 0;
    std::int64_t last_row = 0;
};

struct SpaceRecord {
    Source source;
    std::string package;
    std::string model;
    std::string fingerprint;
    std::string precision;
    int dim = 0;
    bool normalized = false;
    LongTexts long_texts = LongTexts::kCut;
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
    bool bytes = false;  ///< the vectors' values are whole numbers from 0 to 255
    /// Oldest first: later parts override earlier ones.
    std::vector<PartRecord> parts;
    std::int64_t next_part = 1;  ///< number of the next part file; never reused

    /// Set when the view is written: number of live inputs, and a hash of fingerprint and live
    /// keys. The stamp is empty if parts were added since.
    std::int64_t live = 0;
    std::string stamp;

    /// Whether an index can be built of it. A space with any number of vectors per picture makes no
    /// list: its vectors are compared picture by picture.
    bool indexable() const { return vectors_per_input == VectorsPerInput::kOne; }
};

/// Captions of the pictures and the model that generated them, so that a query's picture can be
/// captioned alike. Barcodes and words read from pictures are captions, too, and have no settings.
struct CaptionsRecord {
    std::string package;
    std::string model;
    std::string fingerprint;
    std::string precision;
    std::string prompt;
    std::string view;
    int max_tokens = 0;
    double repetition_penalty = 1;
    /// Oldest first: later parts override earlier ones.
    std::vector<PartRecord> parts;
    std::int64_t next_part = 1;  ///< number of the next part file; never reused
};

struct IndexEntry {
    std::string layout;
    std::string fingerprint;
    std::int64_t count = 0;
    std::string stamp;  ///< of the space it was built from, see SpaceRecord
    std::vector<std::string> files;
    std::string items;         ///< the items file at build time
    std::int64_t missing = 0;  ///< inputs of those items without a vector at that time
};

/// A BM25 index, see data/indexes/lexical_record.hpp.
struct LexicalRecord {
    Source source;
    std::string analyser;  ///< "words", "3gram" or another, see core/lexical/analyser.hpp
    double k1 = 0;
    double b = 0;
    std::int64_t count = 0;  ///< texts
    std::string stamp;       ///< of the texts it was built from, see text_stamp()
    std::string items;       ///< the newest items file with these texts
    std::string file;
    int analyser_version = 1;  ///< absent in collections of earlier versions: 1
};

/// The list of identifiers, see core/identifiers.
struct ExactRecord {
    std::vector<std::string> columns;  ///< of the catalog, the best proof first
    std::int64_t count = 0;            ///< entries
    std::string stamp;                 ///< of the cells it was built from, see identifier_stamp()
    std::string items;                 ///< the newest items file with these cells
    std::string file;
};

struct Manifest {
    std::int64_t generation = 0;  ///< increased by every commit
    ItemsRecord items;
    std::map<std::string, SpaceRecord> spaces;
    /// By Source::caption_name(): "caption", "code", …
    std::map<std::string, CaptionsRecord> captions;
    std::map<std::string, IndexEntry> indexes;
    std::map<std::string, LexicalRecord> lexical;  ///< by lexical_name()
    std::optional<ExactRecord> exact;
    /// Every live file, by its path relative to the collection.
    std::map<std::string, FileRecord> files;

    /// Throws Error naming `file` unless `text` is a whole manifest that this pmatch reads.
    static Manifest parse(const std::string& text, const std::filesystem::path& file);
    static Manifest load(const std::filesystem::path& file);
    std::string dump() const;
    /// Atomic.
    void save(const std::filesystem::path& file) const;
};

/// [A-Za-z0-9_.-]+ without a leading dot or a final ".h5": safe as a file name on every system.
bool is_plain_name(std::string_view name);
/// Throws UsageError when `space` is not a plain name.
void check_space_name(std::string_view space);

}  // namespace pmatch
