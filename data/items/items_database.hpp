/// Internal to data/: opens the items table of a collection.
#pragma once

#include <filesystem>

#include "data/items/sqlite.hpp"

namespace pmatch {

/// As sqlite::Database::open_immutable(). Throws Error when a newer pmatch wrote the file.
sqlite::Database open_items(const std::filesystem::path& file);

}  // namespace pmatch
