#include "data/items/items_database.hpp"

#include "core/common/schema.hpp"

namespace pmatch {

sqlite::Database open_items(const std::filesystem::path& file) {
    auto database = sqlite::Database::open_immutable(file);
    auto version = database.prepare("PRAGMA user_version");
    version.step();
    // The version is SQLite's user_version; a name cannot be stored.
    check_schema(kItemsSchema, kItemsSchema.name, static_cast<int>(version.integer(0)),
                 file.string());
    return database;
}

}  // namespace pmatch
