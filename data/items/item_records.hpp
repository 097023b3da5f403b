/// Iterates over the items of a collection with all their fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

struct ItemRecord {
    std::int64_t row = 0;
    std::string id;
    std::string text;  ///< empty = absent
    /// By catalog name, with cells as written there; empty cells are omitted.
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<std::filesystem::path> pictures;  ///< absolute, in ordinal order
};

/// Ascending rows. A single statement steps through all items, far faster than one query per item.
class ItemRecords {
public:
    explicit ItemRecords(const Collection& collection);
    ~ItemRecords();
    ItemRecords(ItemRecords&&) noexcept;
    ItemRecords& operator=(ItemRecords&&) noexcept;

    /// False at the end.
    bool next(ItemRecord& record);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
