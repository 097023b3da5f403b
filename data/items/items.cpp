#include "data/items/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/escape.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

/// The cell of `field` in the JSON object in `items.written`.
std::string written_cell(std::string_view written, const std::string& field) {
    if (written.empty()) return {};
    const auto cells = nlohmann::json::parse(written);
    const auto cell = cells.find(field);
    return cell == cells.end() ? std::string() : cell->get<std::string>();
}

}  // namespace

struct Items::State {
    ItemsRecord record;
    std::filesystem::path file;
    std::string collection;  ///< path as passed by the user
    sqlite::Database database;
    /// Entries of the parts of stored captions, read on demand; empty if there are none.
    std::function<std::optional<std::vector<CaptionEntry>>(const Source&)> captions;

    const FieldRecord* field(const std::string& name) const {
        for (const auto& field : record.fields) {
            if (field.name == name) return &field;
        }
        return nullptr;
    }
};

Items::Items(const Collection& collection) : Items(collection, collection.manifest()) {}

Items::Items(const Collection& collection, const Manifest& manifest) {
    if (manifest.items.file.empty()) {
        throw Error{"the collection has no items yet", collection.directory().string(),
                    Remedy{"run", {{"ingest", collection.directory().string(), {"SOURCE"}}}}};
    }
    collection.verify(manifest.items.file, manifest);
    const auto file = collection.path(manifest.items.file);
    state_ =
        std::make_unique<State>(State{manifest.items,
                                      file,
                                      collection.given_path(),
                                      collection.files()->read(manifest.items.file, open_items),
                                      {}});
    state_->captions = [files = collection.files(), manifest](
                           const Source& source) -> std::optional<std::vector<CaptionEntry>> {
        if (!manifest.captions.contains(source.caption_name())) return std::nullopt;
        return read_captions(*files, manifest, source);
    };
}

Items::~Items() = default;
Items::Items(Items&&) noexcept = default;
Items& Items::operator=(Items&&) noexcept = default;

std::int64_t Items::count() const {
    return state_->record.count;
}

std::string Items::id_of(std::int64_t row) const {
    auto query = state_->database.prepare("SELECT id FROM items WHERE row = ?");
    if (query.bind(1, row).step()) return std::string(query.text(0));
    throw Error{fmt::format("no item has row {}", row), state_->file.string(),
                "what refers to it is out of date: run `pmatch build-index` again"};
}

std::optional<std::int64_t> Items::row_of(std::string_view id) const {
    auto query = state_->database.prepare("SELECT row FROM items WHERE id = ?");
    if (query.bind(1, id).step()) return query.integer(0);
    return std::nullopt;
}

void Items::for_each_id(
    const std::function<void(std::int64_t row, std::string_view id)>& take) const {
    auto query = state_->database.prepare("SELECT row, id FROM items ORDER BY row");
    while (query.step())
        take(query.integer(0), query.text(1));
}

std::vector<std::int64_t> Items::rows_by_id() const {
    // SQLite's default collation BINARY compares bytes with memcmp().
    auto query = state_->database.prepare("SELECT row FROM items ORDER BY id");
    std::vector<std::int64_t> rows;
    rows.reserve(static_cast<std::size_t>(count()));
    while (query.step())
        rows.push_back(query.integer(0));
    return rows;
}

std::vector<std::pair<std::string, std::string>> Items::fields_of(std::int64_t row) const {
    std::string sql = "SELECT written";
    for (const auto& field : state_->record.fields)
        sql += ", " + sql_name(field.column);
    auto query = state_->database.prepare(sql + " FROM items WHERE row = ?");
    std::vector<std::pair<std::string, std::string>> cells;
    if (!query.bind(1, row).step()) return cells;
    const std::string written(query.text(0));
    int column = 1;
    for (const auto& field : state_->record.fields) {
        cells.emplace_back(field.name, field.number ? written_cell(written, field.name)
                                                    : std::string(query.text(column)));
        ++column;
    }
    return cells;
}

std::string Items::title_of(std::int64_t row) const {
    const auto cells = fields_of(row);
    for (const auto& name : state_->record.mapping.text) {
        for (const auto& [field, cell] : cells) {
            if (field == name && !cell.empty()) return cell;
        }
    }
    return {};
}

std::vector<std::filesystem::path> Items::pictures_of(std::int64_t row) const {
    auto query =
        state_->database.prepare("SELECT path FROM pictures WHERE row = ? ORDER BY ordinal");
    query.bind(1, row);
    std::vector<std::filesystem::path> paths;
    while (query.step())
        paths.emplace_back(query.text(0));
    return paths;
}

std::vector<Skipped> Items::ledger() const {
    auto query =
        state_->database.prepare("SELECT item, stage, code, detail FROM ledger ORDER BY rowid");
    std::vector<Skipped> ledger;
    while (query.step()) {
        ledger.push_back({std::string(query.text(0)), std::string(query.text(1)),
                          std::string(query.text(2)), std::string(query.text(3))});
    }
    return ledger;
}

/// Queries select row, ordinal, content and then kind-specific columns; a field has no stored hash.
struct InputCursor::State {
    enum class Kind { kPicture, kText, kField, kNumber, kCaption };
    Kind kind = Kind::kText;
    std::string field;
    sqlite::Statement query;
    InputKey key;
    std::vector<CaptionEntry> captions;  ///< kCaption: remaining ones, in reverse order
    bool fresh = true;                   ///< kCaption: next() has not been called yet
    Html html = Html::kAsStored;         ///< how the cells of kField are read
    std::string cell = {};               ///< kField, kNumber: what is read of the cell

    bool is_cell() const { return kind == Kind::kField || kind == Kind::kNumber; }
    std::string text() const {
        if (kind == Kind::kCaption) return captions.back().caption;
        return is_cell() ? cell : std::string(query.text(3));
    }
    void read_cell() {
        cell = kind == Kind::kNumber ? written_cell(query.text(3), field)
                                     : text_of_cell(query.text(3), html);
    }
    bool next_caption(bool first) {
        if (!first) captions.pop_back();
        if (captions.empty()) return false;
        const auto& caption = captions.back();
        key = {caption.key.row, caption.key.ordinal, hash128(caption.caption)};
        return true;
    }
    void read_key() {
        key.row = query.integer(0);
        key.ordinal = static_cast<std::int32_t>(query.integer(1));
        if (is_cell()) {
            key.content = hash128(cell);
            return;
        }
        const auto hash = query.blob(2);
        if (hash.size() != key.content.bytes.size()) {
            throw Error{fmt::format("row {} has a content hash of {} bytes, expected 16", key.row,
                                    hash.size()),
                        {},
                        "run `pmatch ingest` again"};
        }
        std::copy(hash.begin(), hash.end(), key.content.bytes.begin());
    }
};

InputCursor Items::inputs(const Source& source, std::int64_t first_row) const {
    using Kind = InputCursor::State::Kind;
    if (source.is_caption()) return captions(source, first_row);
    auto kind = Kind::kText;
    std::string sql =
        "SELECT row, 0, text_hash, text FROM items WHERE row >= ? AND text <> '' ORDER BY row";
    if (source.is_picture()) {
        kind = Kind::kPicture;
        sql = "SELECT row, ordinal, hash, path FROM pictures WHERE row >= ? ORDER BY row, ordinal";
    } else if (!source.is_text()) {
        const auto* field = state_->field(source.name());
        if (field == nullptr) {
            std::string names;
            for (const auto& other : state_->record.fields)
                names += ", " + other.name;
            throw Error{fmt::format("the items have no field '{}'", source.name()),
                        state_->file.string(), "give image, text" + names};
        }
        kind = field->number ? Kind::kNumber : Kind::kField;
        const auto column = sql_name(field->column);
        sql = fmt::format("SELECT row, 0, NULL, {} FROM items WHERE row >= ? AND {} ORDER BY row",
                          field->number ? "written" : column,
                          field->number ? column + " IS NOT NULL" : column + " <> ''");
    }
    auto query = state_->database.prepare(sql);
    query.bind(1, first_row);
    return InputCursor(std::make_unique<InputCursor::State>(InputCursor::State{
        kind, source.name(), std::move(query), {}, {}, true, state_->record.mapping.html}));
}

InputCursor Items::captions(const Source& source, std::int64_t first_row) const {
    auto entries = state_->captions(source);
    if (!entries) {
        const auto* which = source == Source::captions() ? "captions" : source.name().c_str();
        throw Error{
            fmt::format("the collection has no {} yet", which), state_->file.string(),
            Remedy{"write them with", {{"caption", state_->collection, {"--model", "PACKAGE"}}}}};
    }
    auto live = live_among(inputs(Source::pictures(), first_row), std::move(*entries));
    std::erase_if(live, [](const CaptionEntry& entry) { return !entry.good(); });
    std::reverse(live.begin(), live.end());
    auto cursor = inputs(Source::pictures(), first_row);
    cursor.state_->kind = InputCursor::State::Kind::kCaption;
    cursor.state_->captions = std::move(live);
    return cursor;
}

InputCursor::InputCursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
InputCursor::~InputCursor() = default;
InputCursor::InputCursor(InputCursor&&) noexcept = default;
InputCursor& InputCursor::operator=(InputCursor&&) noexcept = default;

bool InputCursor::next() {
    if (state_->kind == State::Kind::kCaption) {
        const bool first = std::exchange(state_->fresh, false);
        return state_->next_caption(first);
    }
    do {
        if (!state_->query.step()) return false;
        if (state_->is_cell()) state_->read_cell();
    } while (state_->is_cell() && state_->cell.empty());  // it says nothing
    state_->read_key();
    return true;
}

const InputKey& InputCursor::key() const {
    return state_->key;
}
std::string InputCursor::text() const {
    return state_->text();
}
std::filesystem::path InputCursor::picture() const {
    return state_->query.text(3);
}

}  // namespace pmatch
