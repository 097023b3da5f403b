/// The items of a collection after its last ingest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/common/problem.hpp"
#include "core/common/source.hpp"
#include "core/engine/item_reader.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Iterates over the inputs of one source in ascending (row, ordinal).
class InputCursor {
public:
    ~InputCursor();
    InputCursor(InputCursor&&) noexcept;
    InputCursor& operator=(InputCursor&&) noexcept;

    /// Moves to the next input, to which the other members refer; false at the end.
    bool next();
    const InputKey& key() const;
    /// For a text source.
    std::string text() const;
    /// For pictures: an absolute path.
    std::filesystem::path picture() const;

private:
    friend class Items;
    struct State;
    explicit InputCursor(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Read-only and thread-safe.
class Items final : public ItemReader {
public:
    explicit Items(const Collection& collection);
    /// The items of a manifest not committed yet.
    Items(const Collection& collection, const Manifest& manifest);
    ~Items() override;
    Items(Items&&) noexcept;
    Items& operator=(Items&&) noexcept;

    std::int64_t count() const override;
    /// Throws Error if no item has this row.
    std::string id_of(std::int64_t row) const override;
    std::optional<std::int64_t> row_of(std::string_view id) const override;
    /// In ascending row order.
    void for_each_id(
        const std::function<void(std::int64_t row, std::string_view id)>& take) const override;

    /// All rows in ascending byte order of their items' ids.
    std::vector<std::int64_t> rows_by_id() const;

    /// The item's fields by catalog name, with cells as written there; absent cells are empty.
    std::vector<std::pair<std::string, std::string>> fields_of(std::int64_t row) const override;
    /// The title shown in tables: the item's first non-empty text column.
    std::string title_of(std::int64_t row) const override;
    /// Absolute paths in ordinal order.
    std::vector<std::filesystem::path> pictures_of(std::int64_t row) const override;

    /// Inputs that ingest could not use.
    std::vector<Skipped> ledger() const;

    /// Inputs of `source` from `first_row` on; empty texts are no inputs. Throws Error if the field
    /// does not exist. Must not outlive this object.
    InputCursor inputs(const Source& source, std::int64_t first_row = 0) const;

private:
    InputCursor captions(const Source& source, std::int64_t first_row) const;

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
