/// Builds an Index from vectors that come block by block, so that a caller can stream them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// Layouts other than Flat need the vectors twice, in the same order: once to choose the
/// training sample and the queries of the recall measurement, once to be indexed.
///
///     IndexBuilder builder(dim, options, count);
///     if (builder.wants_sample()) for (each block) builder.sample(vectors);
///     for (each block) builder.add(rows, vectors);
///     Index index = builder.finish();
///
/// Memory: the index, the training sample and one block.
class IndexBuilder {
public:
    /// `expected_count` is the number of vectors that will come; "auto" decides by it.
    /// Throws UsageError for a layout that FAISS does not know.
    IndexBuilder(int dim, const IndexOptions& options, std::int64_t expected_count);

    /// Goes on with an index that can_extend(): what add() brings comes behind its vectors. Those
    /// at the positions `dead` are given the row -1. `new_count` vectors will come; live ones are
    /// sampled and compared as with a new index, old ones among them:
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

    /// One row for each vector; rows may repeat. Throws Error when a value is not finite.
    void add(std::span<const std::int64_t> rows, std::span<const float> vectors);

    /// Only for an extended index: vectors and the positions they have in it.
    void compare(std::span<const std::int64_t> positions, std::span<const float> vectors);

    /// Chooses the search parameter and measures recall. Throws Error unless as many vectors
    /// came as were expected.
    Index finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
