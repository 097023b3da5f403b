/// Internal to data/: opens the items table of a collection.
#pragma once

#include <filesystem>

#include "data/items/sqlite.hpp"

namespace pmatch {

/// Like sqlite::Database::open_immutable(). Throws Error if the file was written by a newer pmatch.
sqlite::Database open_items(const std::filesystem::path& file);

}  // namespace pmatch
