/// The items of a collection, as its last ingest left them.
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

/// The inputs of one source in ascending (row, ordinal), one at a time.
class InputCursor {
public:
    ~InputCursor();
    InputCursor(InputCursor&&) noexcept;
    InputCursor& operator=(InputCursor&&) noexcept;

    /// False at the end; the other members speak of the input this moved to.
    bool next();
    const InputKey& key() const;
    /// Of a text source.
    std::string text() const;
    /// Of pictures: an absolute path.
    std::filesystem::path picture() const;

private:
    friend class Items;
    struct State;
    explicit InputCursor(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Read-only; safe to use from many threads.
class Items final : public ItemReader {
public:
    explicit Items(const Collection& collection);
    /// The items of a manifest that is about to be committed.
    Items(const Collection& collection, const Manifest& manifest);
    ~Items() override;
    Items(Items&&) noexcept;
    Items& operator=(Items&&) noexcept;

    std::int64_t count() const override;
    /// Throws Error when no item has this row.
    std::string id_of(std::int64_t row) const override;
    std::optional<std::int64_t> row_of(std::string_view id) const override;
    /// In ascending row order.
    void for_each_id(
        const std::function<void(std::int64_t row, std::string_view id)>& take) const override;

    /// All rows in ascending bytes of their items' ids.
    std::vector<std::int64_t> rows_by_id() const;

    /// The item's fields by their names in the catalog, cells as written there; an absent cell
    /// is empty.
    std::vector<std::pair<std::string, std::string>> fields_of(std::int64_t row) const override;
    /// What stands for the item in a table: its first text column that is not empty.
    std::string title_of(std::int64_t row) const override;
    /// Absolute paths in ordinal order.
    std::vector<std::filesystem::path> pictures_of(std::int64_t row) const override;

    /// What ingest could not use.
    std::vector<Skipped> ledger() const;

    /// Inputs of `source` from `first_row` on;
    /// absent texts are no inputs. Throws Error when there is no such field. The cursor must not
    /// outlive this.
    InputCursor inputs(const Source& source, std::int64_t first_row = 0) const;

private:
    InputCursor captions(std::int64_t first_row) const;

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
