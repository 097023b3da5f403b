/// Builds an Index from a stream of vector blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// Layouts other than Flat need the vectors twice, in the same order: once to sample the training
/// vectors and the queries of the recall measurement, once for indexing.
///
///     IndexBuilder builder(dim, options, count);
///     if (builder.wants_sample()) for (each block) builder.sample(vectors);
///     for (each block) builder.add(rows, vectors);
///     Index index = builder.finish();
///
/// Memory: the index, the training sample and one block.
class IndexBuilder {
public:
    /// `expected_count` is the number of vectors to be added; "auto" chooses the layout by it.
    /// Throws UsageError for a layout unknown to FAISS.
    IndexBuilder(int dim, const IndexOptions& options, std::int64_t expected_count);

    /// Extends an index that can_extend(): add() appends to its vectors. Vectors at the positions
    /// `dead` are given row -1. `new_count` vectors will be added. All live vectors, old and new,
    /// are sampled and compared as for a new index:
    ///
    ///     if (builder.wants_sample()) for (each live block) builder.sample(vectors);
    ///     for (each live block) {
    ///         builder.add(rows and vectors of the new ones);
    ///         builder.compare(positions, vectors);
    ///     }
    IndexBuilder(Index index, std::span<const std::int64_t> dead, std::int64_t new_count);
    ~IndexBuilder();
    IndexBuilder(IndexBuilder&&) noexcept;
    IndexBuilder& operator=(IndexBuilder&&) noexcept;

    const std::string& layout() const;
    bool wants_sample() const;

    /// vectors.size() is a multiple of dim.
    void sample(std::span<const float> vectors);

    /// One row per vector; rows may repeat. Throws Error if a value is not finite.
    void add(std::span<const std::int64_t> rows, std::span<const float> vectors);

    /// Only when extending an index: vectors with their positions in it.
    void compare(std::span<const std::int64_t> positions, std::span<const float> vectors);

    /// Tunes the search parameter and measures recall. Throws Error if the number of vectors
    /// differs from the expected one.
    Index finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
