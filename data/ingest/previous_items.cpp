#include "data/ingest/previous_items.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text/escape.hpp"
#include "data/items/items_database.hpp"

namespace pmatch {
namespace {

/// Cells as written in the catalog; `first` is the statement's column of the first one.
std::vector<std::string> cells_of(const sqlite::Statement& item, int first,
                                  const std::vector<FieldRecord>& fields,
                                  std::string_view written) {
    const auto numbers =
        written.empty() ? nlohmann::json::object() : nlohmann::json::parse(written);
    std::vector<std::string> cells;
    cells.reserve(fields.size());
    for (const auto& field : fields) {
        const auto text = item.text(first++);
        cells.push_back(field.number ? numbers.value(field.name, std::string())
                                     : std::string(text));
    }
    return cells;
}

void read_picture(const sqlite::Statement& picture, FormerItem& item) {
    const auto ordinal = static_cast<std::size_t>(picture.integer(0));
    item.record.pictures.resize(ordinal + 1);
    item.pictures.resize(ordinal + 1, {{}, Problem{}});
    item.record.pictures[ordinal] = picture.text(2);
    Hash128 hash;
    const auto bytes = picture.blob(3);
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
    item.pictures[ordinal] = {std::filesystem::path(picture.text(1)), hash};
}

}  // namespace

Hash128 content_hash(const std::vector<FieldRecord>& fields, const CatalogRecord& record,
                     const std::vector<HashedPicture>& pictures) {
    Hasher128 hasher;
    const auto add = [&hasher](std::string_view text) {
        const std::uint64_t size = text.size();
        hasher.update(&size, sizeof size);
        hasher.update(text.data(), text.size());
    };
    for (std::size_t i = 0; i < fields.size(); ++i) {
        add(fields[i].name);
        add(record.cells[i]);
    }
    add(record.text);
    for (std::size_t ordinal = 0; ordinal < pictures.size(); ++ordinal) {
        const auto* hash = std::get_if<Hash128>(&pictures[ordinal].content);
        if (hash == nullptr) continue;
        hasher.update(&ordinal, sizeof ordinal);
        hasher.update(hash->bytes.data(), hash->bytes.size());
    }
    return hasher.digest();
}

PreviousItems::PreviousItems(const Collection& collection) : record_(collection.manifest().items) {
    if (record_.file.empty()) return;
    collection.verify(record_.file);
    database_ = open_items(collection.path(record_.file));
    find_ = database_->prepare("SELECT row, content_hash FROM items WHERE id = ?");
}

std::optional<PreviousItems::Found> PreviousItems::find(const std::string& id,
                                                        const Hash128& content) {
    if (!find_) return std::nullopt;
    find_->reset();
    if (!find_->bind(1, std::string_view(id)).step()) return std::nullopt;
    const auto hash = find_->blob(1);
    return Found{find_->integer(0),
                 std::equal(hash.begin(), hash.end(), content.bytes.begin(), content.bytes.end())};
}

bool PreviousItems::has(const std::string& id) {
    return find(id, {}).has_value();
}

bool PreviousItems::same_but_for(const std::vector<std::string>& columns, std::int64_t row,
                                 const std::vector<FieldRecord>& fields,
                                 const CatalogRecord& record,
                                 const std::vector<HashedPicture>& pictures) const {
    auto before = record;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (std::find(columns.begin(), columns.end(), fields[i].name) == columns.end()) continue;
        const auto former =
            std::find_if(record_.fields.begin(), record_.fields.end(),
                         [&](const auto& field) { return field.name == fields[i].name; });
        if (former == record_.fields.end()) return false;
        auto cell =
            database_->prepare("SELECT " + sql_name(former->column) + " FROM items WHERE row = ?");
        if (!cell.bind(1, row).step()) return false;
        before.cells[i] = cell.text(0);
    }
    const auto content = content_hash(fields, before, pictures);
    auto hash = database_->prepare("SELECT content_hash FROM items WHERE row = ?");
    if (!hash.bind(1, row).step()) return false;
    const auto bytes = hash.blob(0);
    return std::equal(bytes.begin(), bytes.end(), content.bytes.begin(), content.bytes.end());
}

void PreviousItems::for_each(const std::function<bool(const std::string& id)>& wanted,
                             const std::function<void(const FormerItem&)>& take) const {
    if (!database_) return;
    std::string sql = "SELECT row, id, text, written";
    for (const auto& field : record_.fields)
        sql += ", " + sql_name(field.column);
    auto items = database_->prepare(sql + " FROM items ORDER BY row");
    auto pictures = database_->prepare(
        "SELECT ordinal, path, written, hash FROM pictures WHERE row = ? ORDER BY ordinal");
    while (items.step()) {
        FormerItem item;
        item.record.id = items.text(1);
        if (!wanted(item.record.id)) continue;
        item.record.text = items.text(2);
        item.record.cells = cells_of(items, 4, record_.fields, items.text(3));
        pictures.reset();
        pictures.bind(1, items.integer(0));
        while (pictures.step())
            read_picture(pictures, item);
        take(item);
    }
}

void PreviousItems::for_each_ledger_row(const std::function<void(const Skipped&)>& take) const {
    if (!database_) return;
    auto rows = database_->prepare("SELECT item, stage, code, detail FROM ledger ORDER BY rowid");
    while (rows.step()) {
        take({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
              std::string(rows.text(3))});
    }
}

}  // namespace pmatch
