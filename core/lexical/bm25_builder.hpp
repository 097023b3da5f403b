/// Builds a .bm25 file from a stream of texts.
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

/// Provenance of the texts, supplied by the collection.
struct Bm25Origin {
    Source source;      ///< name of at most 255 bytes
    std::string stamp;  ///< at most 32 bytes
    std::int64_t generation = 0;
};

/// Memory: the budget, plus 20 bytes per item and 36 bytes per distinct term. Postings beyond the
/// budget are spilled to temporary files beside the target and merged at the end.
class Bm25Builder {
public:
    static constexpr std::size_t kMemory = std::size_t{256} << 20U;  ///< default budget

    /// `target` does not change until finish(). Throws UsageError if k1 < 0 or b is not in [0, 1].
    Bm25Builder(std::filesystem::path target, const Bm25Options& options,
                std::size_t memory = kMemory);
    ~Bm25Builder();
    Bm25Builder(Bm25Builder&&) noexcept;
    Bm25Builder& operator=(Bm25Builder&&) noexcept;

    /// Rows in ascending order. A text without terms counts as an item of length 0.
    void add(std::int64_t row, std::string_view text);

    /// `rows_by_id`: the rows of these items (and possibly others) in ascending order of the item
    /// ids' bytes, which breaks ties. If empty, ties are broken by row.
    FileRecord finish(const Bm25Origin& origin, std::span<const std::int64_t> rows_by_id = {});

    std::int64_t items() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
