/// Vectors and indexes that the tests of the index share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "core/index/index_builder.hpp"
#include "core/index/vector_index.hpp"
#include "tests/support/temp_dir.hpp"

namespace pmatch::test {

/// count x dim, each of length 1.
inline std::vector<float> unit_vectors(std::size_t count, std::size_t dim, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count * dim);
    for (std::size_t i = 0; i < count; ++i) {
        double square = 0;
        for (std::size_t j = 0; j < dim; ++j) {
            auto& value = values[i * dim + j];
            value = normal(random);
            square += static_cast<double>(value) * value;
        }
        for (std::size_t j = 0; j < dim; ++j) {
            values[i * dim + j] /= static_cast<float>(std::sqrt(square));
        }
    }
    return values;
}

/// `blocks` calls of add(), as a caller that streams makes them.
inline Index build_in_blocks(const std::vector<std::int64_t>& rows,
                             const std::vector<float>& vectors, int dim,
                             const IndexOptions& options, std::size_t block) {
    IndexBuilder builder(dim, options, static_cast<std::int64_t>(rows.size()));
    const auto width = static_cast<std::size_t>(dim);
    const auto each = [&](auto take) {
        for (std::size_t at = 0; at < rows.size(); at += block) {
            const auto count = std::min(block, rows.size() - at);
            take(std::span(rows).subspan(at, count),
                 std::span(vectors).subspan(at * width, count * width));
        }
    };
    if (builder.wants_sample()) each([&](auto, auto values) { builder.sample(values); });
    each([&](auto some, auto values) { builder.add(some, values); });
    return builder.finish();
}

inline std::vector<std::int64_t> numbers(std::size_t count, std::int64_t divide_by = 1) {
    std::vector<std::int64_t> rows(count);
    for (std::size_t i = 0; i < count; ++i)
        rows[i] = static_cast<std::int64_t>(i) / divide_by;
    return rows;
}

/// An index on disk, in `dir`.
struct Saved {
    explicit Saved(const TempDir& dir, const Index& index)
        : files(IndexFiles::of(dir.path(), "image")), records(index.save(files, origin)) {}
    IndexOrigin origin{"image", "model", "abc", {"part-00000.h5"}, "pmatch build-index shop", true};
    IndexFiles files;
    IndexRecords records;
};

}  // namespace pmatch::test
