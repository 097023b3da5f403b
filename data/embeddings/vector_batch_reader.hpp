/// Internal to data/: reads single vectors of parts in blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/pipeline/embedding_work.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// Adjacent vectors are read with one call; a block has about 4 MiB at most, or one input.
class VectorGather {
public:
    using Take = std::function<void(const VectorBlock&)>;

    VectorGather(int dim, Take take);
    void add(const InputKey& key, std::shared_ptr<PartReader> part, std::int64_t position);
    void flush();

private:
    struct Run {
        std::shared_ptr<PartReader> part;
        std::int64_t first = 0;
        std::int64_t count = 0;
    };
    std::size_t dim_;
    std::size_t capacity_;
    Take take_;
    std::vector<InputKey> keys_;
    std::vector<std::size_t> ends_;  ///< always, also where each input has one vector
    bool ragged_ = false;
    std::vector<Run> runs_;
    std::vector<float> vectors_;
};

}  // namespace pmatch
