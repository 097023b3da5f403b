/// The rows that a filtered search may return.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmatch {

/// One bit per row.
class RowSet {
public:
    void insert(std::int64_t row) {
        const auto word = static_cast<std::size_t>(row) / 64;
        if (word >= bits_.size()) bits_.resize(word + 1);
        const auto bit = std::uint64_t{1} << (static_cast<std::size_t>(row) % 64);
        if ((bits_[word] & bit) == 0) ++size_;
        bits_[word] |= bit;
    }
    bool contains(std::int64_t row) const {
        const auto word = static_cast<std::size_t>(row) / 64;
        return word < bits_.size() &&
               ((bits_[word] >> (static_cast<std::size_t>(row) % 64)) & 1U) != 0;
    }

    std::int64_t size() const { return size_; }

private:
    std::vector<std::uint64_t> bits_;
    std::int64_t size_ = 0;
};

}  // namespace pmatch
