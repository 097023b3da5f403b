/// The items that have an identifier, found by it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

/// What an item's cell adds: a trade number is the same in every column, a part number is one of
/// its column's.
struct IdentifierEntry {
    Hash128 key;
    std::int64_t row = 0;
    std::uint32_t column = 0;  ///< place in the list's columns
    std::uint32_t unused = 0;  ///< 0 in the file

    friend bool operator==(const IdentifierEntry&, const IdentifierEntry&) = default;
};
static_assert(sizeof(IdentifierEntry) == 32);

struct IdentifierListInfo {
    std::vector<std::string> columns;  ///< an identifier of an earlier one is a better proof
    std::string stamp;  ///< of the cells it was built from; defined by the collection
    std::int64_t entries = 0;
};

class IdentifierList;

/// Collects the identifiers of a catalog's items.
class IdentifierListBuilder {
public:
    explicit IdentifierListBuilder(std::vector<std::string> columns);

    /// In any order; a cell may hold several identifiers.
    void add(std::int64_t row, std::size_t column, std::string_view cell);

    /// Once all are there: sorts them, and leaves out cells with the length of a trade number and a
    /// wrong check digit where most such cells of the column have the right one. Returns how many
    /// these are.
    std::int64_t finish();
    std::int64_t entries() const { return static_cast<std::int64_t>(entries_.size()); }

    /// After finish(). The file is complete or absent.
    FileRecord write(const std::filesystem::path& file, const std::string& stamp) const;

    /// After finish(): the same list without a file.
    IdentifierList in_memory() const;

private:
    void add_one(std::int64_t row, std::size_t column, std::string_view cell);

    struct Column {
        std::string name;
        std::int64_t checked = 0;  ///< trade numbers
        /// Part numbers that may be trade numbers with a wrong check digit.
        std::vector<IdentifierEntry> unchecked;
    };
    std::vector<Column> columns_;
    std::vector<IdentifierEntry> entries_;
};

/// Memory-mapped, read-only and thread-safe.
class IdentifierList {
public:
    /// Verifies size, checksum and content; throws Error naming the file.
    static IdentifierList open(const std::filesystem::path& file, const FileRecord& expected);
    ~IdentifierList();
    IdentifierList(IdentifierList&&) noexcept;
    IdentifierList& operator=(IdentifierList&&) noexcept;

    const IdentifierListInfo& info() const;
    /// The items whose cell in the column is `cell`, and those that have its trade number in any
    /// column. Score 1 for the list's first column, 1/2 for its second, 1/3 …; unordered.
    std::vector<Neighbour> find(std::size_t column, std::string_view cell) const;
    /// In ascending key, row, column.
    std::span<const IdentifierEntry> entries() const;

private:
    friend class IdentifierListBuilder;
    struct State;
    explicit IdentifierList(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The key of a trade number, and of a part number in the named column.
Hash128 key_of_trade_number(const std::string& digits);
Hash128 key_of_part_number(const std::string& part, const std::string& column);

}  // namespace pmatch
