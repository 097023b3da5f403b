#include "data/embeddings/vector_batch_reader.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {
namespace {

std::size_t part_vectors(const PartReader& part, std::int64_t position) {
    return static_cast<std::size_t>(part.begin(position + 1) - part.begin(position));
}

}  // namespace

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
    const auto more = part_vectors(*runs_.back().part, position);
    ragged_ = runs_.back().part->header().ragged();
    keys_.push_back(key);
    ends_.push_back(ends_.empty() ? more : ends_.back() + more);
    if (keys_.size() == capacity_ || ends_.back() >= capacity_) flush();
}

void VectorGather::flush() {
    if (keys_.empty()) return;
    vectors_.resize(ends_.back() * dim_);
    auto rest = std::span(vectors_);
    for (const auto& run : runs_) {
        const auto vectors = run.part->begin(run.first + run.count) - run.part->begin(run.first);
        const auto size = static_cast<std::size_t>(vectors) * dim_;
        run.part->vectors(run.first, run.count, rest.first(size));
        rest = rest.subspan(size);
    }
    take_({keys_, vectors_, ragged_ ? std::span(ends_) : std::span<std::size_t>()});
    keys_.clear();
    ends_.clear();
    runs_.clear();
}

}  // namespace pmatch
