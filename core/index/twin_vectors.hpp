/// Internal to core/index: equal vectors in a graph (HNSW) index.
///
/// A graph links each vector with its nearest neighbours. Where more vectors are equal than a node
/// has links, these link only each other, and a search that comes near them sees nothing else: the
/// few vectors beside them are never found. So only the first of equal vectors is linked; the
/// others, its twins, are stored at their positions without links, and come with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/files/hash.hpp"

namespace faiss {
struct IndexHNSW;
}

namespace pmatch {

class TwinVectors {
public:
    /// Appends to a graph whose storage keeps float32 vectors (`vectors.size()` is a multiple of
    /// their dimension).
    void add(faiss::IndexHNSW& graph, std::span<const float> vectors);

    /// Of a graph that was read, or has been added to: finds the twins of every linked vector.
    void locate(const faiss::IndexHNSW& graph);

    bool empty() const { return of_linked_.empty(); }

    /// The positions equal to a linked one, ascending.
    std::span<const std::int64_t> of(std::int64_t linked) const;

    /// Bits for a search: those of linked vectors of which a twin is allowed are set, too.
    std::vector<std::uint8_t> with_linked(std::span<const std::uint8_t> allowed) const;

private:
    void remember(const faiss::IndexHNSW& graph);

    struct HashOfHash {
        std::size_t operator()(const Hash128& content) const;
    };
    std::unordered_set<Hash128, HashOfHash> contents_;  ///< of all vectors, while some are added
    std::int64_t remembered_ = 0;
    std::unordered_map<std::int64_t, std::vector<std::int64_t>> of_linked_;
};

}  // namespace pmatch
