#include "data/ingest/items_writer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/text/escape.hpp"
#include "data/formats/parse_number.hpp"
#include "data/ingest/column_type.hpp"

namespace pmatch {
namespace {

constexpr const char* kFixedTables =
    "CREATE TABLE pictures(row INTEGER NOT NULL, ordinal INTEGER NOT NULL, path TEXT NOT NULL,"
    " written TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(row, ordinal)) WITHOUT ROWID;"
    "CREATE TABLE ledger(item TEXT NOT NULL, stage TEXT NOT NULL, code TEXT NOT NULL,"
    " detail TEXT NOT NULL);";

/// Parameters of the insert: row, id, text, text_hash, written, content_hash, then the fields, then
/// the numbers of those that are text and number.
constexpr int kFirstField = 7;

std::string insert_item(const std::vector<FieldRecord>& fields) {
    std::string columns = "row, id, text, text_hash, written, content_hash";
    std::string values = "?, ?, ?, ?, ?, ?";
    const auto add = [&](const std::string& column) {
        columns += ", " + sql_name(column);
        values += ", ?";
    };
    for (const auto& field : fields)
        add(field.column);
    for (const auto& field : fields) {
        if (field.is_text_and_number()) add(field.number_column);
    }
    return fmt::format("INSERT INTO items({}) VALUES({}) ON CONFLICT(id) DO NOTHING", columns,
                       values);
}

}  // namespace

sqlite::Database ItemsWriter::make_tables(const std::filesystem::path& temporary,
                                          const std::vector<FieldRecord>& fields) {
    auto database = sqlite::Database::create(temporary);
    std::string columns;
    std::string numbers;
    for (const auto& field : fields) {
        columns += ", " + sql_name(field.column) + (field.number ? " REAL" : " TEXT");
        if (field.is_text_and_number()) numbers += ", " + sql_name(field.number_column) + " REAL";
    }
    database.execute("BEGIN");
    database.execute("CREATE TABLE items(row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE" +
                     columns +
                     ", text TEXT NOT NULL, text_hash BLOB NOT NULL, written TEXT,"
                     " content_hash BLOB NOT NULL" +
                     numbers + ")");
    database.execute(kFixedTables);
    database.execute(fmt::format("PRAGMA user_version={}", kItemsSchema.current));
    return database;
}

ItemsWriter::ItemsWriter(const std::filesystem::path& temporary,
                         const std::vector<FieldRecord>& fields)
    : fields_(fields),
      database_(make_tables(temporary, fields)),
      item_(database_.prepare(insert_item(fields))),
      picture_(database_.prepare("INSERT INTO pictures(row, ordinal, path, written, hash)"
                                 " VALUES(?, ?, ?, ?, ?)")),
      ledger_(database_.prepare("INSERT INTO ledger(item, stage, code, detail)"
                                " VALUES(?, ?, ?, ?)")) {}

bool ItemsWriter::add_item(std::int64_t row, const CatalogRecord& record, const Hash128& content) {
    const auto text_hash = hash128(record.text);
    auto written = nlohmann::json::object();
    item_.reset();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const int parameter = kFirstField + static_cast<int>(i);
        const auto& cell = record.cells.at(i);
        if (!fields_[i].number) {
            item_.bind(parameter, std::string_view(cell));
        } else if (cell.empty()) {
            item_.bind_null(parameter);
        } else if (const auto value = parse_number(cell)) {
            item_.bind(parameter, *value);
            written[fields_[i].name] = cell;
        } else {
            throw Error{"the catalog changed while it was read", {}, "run the command again"};
        }
    }
    bind_numbers(record);
    const auto cells = written.empty() ? std::string() : written.dump();
    item_.bind(1, row).bind(2, std::string_view(record.id)).bind(3, std::string_view(record.text));
    item_.bind_blob(4, text_hash.bytes).bind_blob(6, content.bytes);
    if (cells.empty()) {
        item_.bind_null(5);
    } else {
        item_.bind(5, std::string_view(cells));
    }
    item_.step();
    return database_.changes() == 1;
}

/// The numbers of the fields that are text and number, behind all fields.
void ItemsWriter::bind_numbers(const CatalogRecord& record) {
    int parameter = kFirstField + static_cast<int>(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (!fields_[i].is_text_and_number()) continue;
        const auto mark = fields_[i].decimal_comma ? DecimalMark::kComma : DecimalMark::kPoint;
        const auto value = number_in_cell(record.cells[i], mark);
        if (value) {
            item_.bind(parameter, *value);
        } else {
            item_.bind_null(parameter);
        }
        ++parameter;
    }
}

void ItemsWriter::add_picture(std::int64_t row, std::size_t ordinal, const std::string& written,
                              const std::filesystem::path& path, const Hash128& hash) {
    picture_.reset();
    picture_.bind(1, row).bind(2, static_cast<std::int64_t>(ordinal));
    picture_.bind(3, std::string_view(path.native())).bind(4, std::string_view(written));
    picture_.bind_blob(5, hash.bytes).step();
}

void ItemsWriter::add_to_ledger(const Skipped& skipped) {
    ledger_.reset();
    ledger_.bind(1, std::string_view(skipped.item)).bind(2, std::string_view(skipped.stage));
    ledger_.bind(3, std::string_view(skipped.code)).bind(4, std::string_view(skipped.detail));
    ledger_.step();
}

void ItemsWriter::finish() {
    database_.execute("COMMIT");
}

}  // namespace pmatch
