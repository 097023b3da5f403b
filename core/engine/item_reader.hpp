/// The engine's access to a catalog's items.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch {

/// Read-only and thread-safe.
class ItemReader {
public:
    virtual ~ItemReader() = default;

    virtual std::int64_t count() const = 0;
    /// Throws Error if no item has this row.
    virtual std::string id_of(std::int64_t row) const = 0;
    virtual std::optional<std::int64_t> row_of(std::string_view id) const = 0;
    /// In ascending row order.
    virtual void for_each_id(
        const std::function<void(std::int64_t row, std::string_view id)>& take) const = 0;
    /// The item's fields by catalog name, with the cells as written there; absent cells are empty.
    virtual std::vector<std::pair<std::string, std::string>> fields_of(std::int64_t row) const = 0;
    /// The title shown for the item in tables.
    virtual std::string title_of(std::int64_t row) const = 0;
    /// Absolute paths in ordinal order.
    virtual std::vector<std::filesystem::path> pictures_of(std::int64_t row) const = 0;
};

}  // namespace pmatch
