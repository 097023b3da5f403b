/// Reads the live vectors of single items of a space, as they are wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// Holds 24 bytes per input in memory. Thread-safe.
class VectorsByItem {
public:
    /// Verifies the parts. The collection must outlive this object.
    VectorsByItem(const Collection& collection, const std::string& space);

    struct Input {
        std::size_t place = 0;       ///< among the item's inputs, those without vectors counted too
        std::vector<float> vectors;  ///< row-major; any number of vectors, including 0
    };
    /// Those of the item's first `most` inputs that have an entry, ascending.
    std::vector<Input> of(std::int64_t row, std::size_t most) const;
    /// Number of live inputs.
    std::size_t count() const { return places_.size(); }

private:
    struct Place {
        std::int64_t row = 0;
        std::uint32_t number = 0;  ///< Input::place
        std::uint32_t part = 0;    ///< index of parts_
        std::int64_t position = 0;
    };
    std::size_t dim_;
    std::vector<Place> places_;  ///< ascending (row, number)
    std::vector<std::shared_ptr<PartReader>> parts_;
};

}  // namespace pmatch
