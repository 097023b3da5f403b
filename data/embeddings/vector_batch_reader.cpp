#include "data/embeddings/vector_batch_reader.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {

VectorGather::VectorGather(int dim, Take take)
    : dim_(static_cast<std::size_t>(dim)),
      capacity_(std::clamp<std::size_t>((std::size_t{1} << 20U) / dim_, 1, 4096)),
      take_(std::move(take)) {}

void VectorGather::add(const InputKey& key, std::shared_ptr<PartReader> part,
                       std::int64_t position) {
    if (!runs_.empty() && runs_.back().part == part &&
        runs_.back().first + runs_.back().count == position) {
        ++runs_.back().count;
    } else {
        runs_.push_back({std::move(part), position, 1});
    }
    keys_.push_back(key);
    if (keys_.size() == capacity_) flush();
}

void VectorGather::flush() {
    if (keys_.empty()) return;
    vectors_.resize(keys_.size() * dim_);
    auto rest = std::span(vectors_);
    for (const auto& run : runs_) {
        const auto size = static_cast<std::size_t>(run.count) * dim_;
        run.part->vectors(run.first, run.count, rest.first(size));
        rest = rest.subspan(size);
    }
    take_(keys_, vectors_);
    keys_.clear();
    runs_.clear();
}

}  // namespace pmatch
