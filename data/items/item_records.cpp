#include "data/items/item_records.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/text/escape.hpp"
#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

constexpr int kFirstField = 4;

std::filesystem::path items_file(const Collection& collection) {
    const auto& file = collection.manifest().items.file;
    if (file.empty()) {
        throw Error{"the collection has no items yet", collection.directory().string(),
                    Remedy{"run", {{"ingest", collection.directory().string(), {"SOURCE"}}}}};
    }
    collection.verify(file);
    return collection.directory() / file;
}

std::string item_query(const std::vector<FieldRecord>& fields) {
    std::string sql = "SELECT row, id, text, written";
    for (const auto& field : fields)
        sql += ", " + sql_name(field.column);
    return sql + " FROM items ORDER BY row";
}

}  // namespace

struct ItemRecords::State {
    explicit State(const Collection& collection)
        : fields(collection.manifest().items.fields),
          database(open_items(items_file(collection))),
          items(database.prepare(item_query(fields))),
          pictures(database.prepare("SELECT row, path FROM pictures ORDER BY row, ordinal")),
          has_picture(pictures.step()) {}

    void read_fields(ItemRecord& record) const {
        const auto written = items.text(3);
        const auto numbers =
            written.empty() ? nlohmann::json::object() : nlohmann::json::parse(written);
        int column = kFirstField;
        for (const auto& field : fields) {
            std::string cell(field.number ? std::string_view() : items.text(column));
            if (field.number) {
                const auto found = numbers.find(field.name);
                if (found != numbers.end()) cell = found->get<std::string>();
            }
            if (!cell.empty()) record.fields.emplace_back(field.name, std::move(cell));
            ++column;
        }
    }

    std::vector<FieldRecord> fields;
    sqlite::Database database;
    sqlite::Statement items;
    sqlite::Statement pictures;
    bool has_picture;
    bool at_end = false;
};

ItemRecords::ItemRecords(const Collection& collection)
    : state_(std::make_unique<State>(collection)) {}
ItemRecords::~ItemRecords() = default;
ItemRecords::ItemRecords(ItemRecords&&) noexcept = default;
ItemRecords& ItemRecords::operator=(ItemRecords&&) noexcept = default;

bool ItemRecords::next(ItemRecord& record) {
    auto& state = *state_;
    if (state.at_end) return false;
    state.at_end = !state.items.step();  // another step would start again
    if (state.at_end) return false;
    record = {};
    record.row = state.items.integer(0);
    record.id = std::string(state.items.text(1));
    record.text = std::string(state.items.text(2));
    state.read_fields(record);
    while (state.has_picture && state.pictures.integer(0) <= record.row) {
        if (state.pictures.integer(0) == record.row)
            record.pictures.emplace_back(state.pictures.text(1));
        state.has_picture = state.pictures.step();
    }
    return true;
}

}  // namespace pmatch
