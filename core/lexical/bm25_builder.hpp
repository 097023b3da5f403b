/// Makes a .bm25 file from texts that come one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/lexical/bm25.hpp"

namespace pmatch {

/// Where the texts come from; the collection knows.
struct Bm25Origin {
    Source source;      ///< its name takes at most 255 bytes
    std::string stamp;  ///< at most 32 bytes
    std::int64_t generation = 0;
};

/// Memory: the budget, 20 bytes an item and 36 bytes a different term. Above the budget, postings
/// go to temporary files beside the target and are merged in the end.
class Bm25Builder {
public:
    static constexpr std::size_t kMemory = std::size_t{256} << 20U;  ///< default budget

    /// Nothing is seen under `target` until finish(). Throws UsageError for a k1 below 0 or a b
    /// that is not between 0 and 1.
    Bm25Builder(std::filesystem::path target, const Bm25Options& options,
                std::size_t memory = kMemory);
    ~Bm25Builder();
    Bm25Builder(Bm25Builder&&) noexcept;
    Bm25Builder& operator=(Bm25Builder&&) noexcept;

    /// Rows in ascending order. A text without terms counts as an item of length 0.
    void add(std::int64_t row, std::string_view text);

    /// `rows_by_id`: the rows (of these items, and maybe of others) in ascending bytes of their
    /// item ids; it decides between equal scores. The order of the rows when it is empty.
    FileRecord finish(const Bm25Origin& origin, std::span<const std::int64_t> rows_by_id = {});

    std::int64_t items() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
