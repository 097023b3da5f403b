/// Compares an index on disk with the vectors it was built from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/index/faiss_index.hpp"
#include "core/index/index_sidecar.hpp"

namespace pmatch {

class IndexCheck {
public:
    /// Reads the three files as Index::load does; throws Error naming the one that is damaged.
    IndexCheck(const IndexFiles& files, const IndexRecords& records);

    const IndexSidecar& sidecar() const { return sidecar_; }
    /// The layout keeps float32 vectors, so that compare() sees each value.
    bool keeps_vectors() const;

    /// The next vectors in the order in which the index was built, vectors.size() = rows.size() x
    /// dim. Throws Error at the first position that holds something else.
    void compare(std::span<const std::int64_t> rows, std::span<const float> vectors);
    /// The same for one vector, wherever it is; each position once.
    void compare_at(std::int64_t position, std::int64_t row, std::span<const float> vector);
    /// Position → row; -1 where the vector is dead.
    std::span<const std::int64_t> rows() const { return rows_; }
    /// Throws Error when the index holds more live vectors than were compared.
    void finish() const;

private:
    IndexFiles files_;
    IndexSidecar sidecar_;
    std::vector<std::int64_t> rows_;
    FaissIndex vectors_;
    std::size_t compared_ = 0;
};

}  // namespace pmatch
