/// Which rows may be answered, for searches that are filtered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmatch {

/// One bit a row.
class RowSet {
public:
    void insert(std::int64_t row) {
        const auto word = static_cast<std::size_t>(row) / 64;
        if (word >= bits_.size()) bits_.resize(word + 1);
        bits_[word] |= std::uint64_t{1} << (static_cast<std::size_t>(row) % 64);
    }
    bool contains(std::int64_t row) const {
        const auto word = static_cast<std::size_t>(row) / 64;
        return word < bits_.size() &&
               ((bits_[word] >> (static_cast<std::size_t>(row) % 64)) & 1U) != 0;
    }

private:
    std::vector<std::uint64_t> bits_;
};

}  // namespace pmatch
