/// Verifies an index on disk against the vectors it was built from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/index/faiss_index.hpp"
#include "core/index/index_sidecar.hpp"

namespace pmatch {

class IndexCheck {
public:
    /// Reads the three files like Index::load(); throws Error naming a damaged one.
    IndexCheck(const IndexFiles& files, const IndexRecords& records);

    const IndexSidecar& sidecar() const { return sidecar_; }
    /// Whether the layout keeps float32 vectors, so that compare() checks every value.
    bool keeps_vectors() const;

    /// The next vectors in build order, vectors.size() = rows.size() x dim. Throws Error at the
    /// first position with other content.
    void compare(std::span<const std::int64_t> rows, std::span<const float> vectors);
    /// The same for a single vector in any order; each position once.
    void compare_at(std::int64_t position, std::int64_t row, std::span<const float> vector);
    /// Position → row; -1 for dead vectors.
    std::span<const std::int64_t> rows() const { return rows_; }
    /// Throws Error if the index holds more live vectors than were compared.
    void finish() const;

private:
    IndexFiles files_;
    IndexSidecar sidecar_;
    std::vector<std::int64_t> rows_;
    FaissIndex vectors_;
    std::size_t compared_ = 0;
};

}  // namespace pmatch
