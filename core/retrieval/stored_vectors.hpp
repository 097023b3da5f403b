/// Stored vectors of queries that are items of a collection, which need not be embedded again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// Vectors of a space by ascending (row, ordinal), row-major.
struct SpaceVectors {
    int dim = 0;
    std::vector<std::int64_t> rows;
    std::vector<float> values;
    /// Items whose vectors were all left out on purpose; ascending.
    std::vector<std::int64_t> bare_rows = {};

    /// Range of the item's vectors: first, one past the last.
    std::pair<std::size_t, std::size_t> of(std::int64_t row) const {
        const auto [first, last] = std::equal_range(rows.begin(), rows.end(), row);
        return {static_cast<std::size_t>(first - rows.begin()),
                static_cast<std::size_t>(last - rows.begin())};
    }
    std::span<const float> vector(std::size_t place) const {
        const auto width = static_cast<std::size_t>(dim);
        return std::span(values).subspan(place * width, width);
    }
};

/// Thread-safe.
class StoredQueryVectors {
public:
    virtual ~StoredQueryVectors() = default;
    /// The vectors to compare with the named space; read on first use.
    virtual const SpaceVectors& of(const std::string& space) = 0;
    /// Whether the queries are the searched items themselves.
    virtual bool alone() const = 0;
};

/// The problem of an item without a vector.
inline Problem no_vector() {
    return {"no_vector", "it could not be embedded, or not yet (see `pmatch ledger`)"};
}

/// The problem of an item none of whose pictures is to be compared.
inline Problem nothing_but_shared() {
    return {"nothing_to_compare", "it has only pictures that many items share"};
}

}  // namespace pmatch
