/// A FAISS index for inner products that hides FAISS's headers. Its ids are positions: 0, 1, 2, …
/// in the order of add(). Searches use Index (vector_index.hpp), which is built on this class. All
/// matrices are row-major.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/files/atomic_file.hpp"

namespace pmatch {

/// `k` hits per query, best first, row-major. Missing hits have position -1.
struct FaissHits {
    std::vector<std::int64_t> positions;
    std::vector<float> scores;
};

/// The search parameter that trades speed for recall.
struct SearchKnob {
    std::string name;  ///< FAISS's name, "nprobe" or "efSearch"; empty if there is none
    int value = 0;
    int limit = 0;  ///< larger values bring no gain
};

class FaissIndex {
public:
    /// `layout` is a FAISS factory string. Throws UsageError if FAISS does not know it, or if it
    /// cannot search by inner product with positions as ids.
    FaissIndex(int dim, const std::string& layout);

    /// Reads the file. FAISS trusts the file's header, so the caller must verify size and checksum
    /// first. Throws Error if FAISS cannot read it.
    static FaissIndex read(const std::filesystem::path& file);
    void write(AtomicFile& file) const;

    ~FaissIndex();
    FaissIndex(FaissIndex&&) noexcept;
    FaissIndex& operator=(FaissIndex&&) noexcept;

    int dim() const;
    std::int64_t count() const;
    /// Whether every search compares the query with all stored float32 vectors.
    bool exact() const;

    bool needs_training() const;
    /// Throws Error if the layout needs more training vectors than given.
    void train(std::span<const float> vectors);
    void add(std::span<const float> vectors);
    /// Call after the last add(), before searching; read() does: enables stored() for layouts that
    /// keep float32 vectors, and finds the equal ones that a graph does not link.
    void locate_stored();

    SearchKnob knob() const;
    void set_knob(int value);

    /// Thread-safe. `widen` multiplies the nprobe of IVF layouts; others ignore it. `allowed` (one
    /// bit per position, lowest bit first) restricts the hits; requires can_filter().
    FaissHits search(std::span<const float> queries, std::int64_t k, int widen = 1,
                     std::span<const std::uint8_t> allowed = {}) const;
    /// search() with every stored vector as a query, in half the time; requires exact().
    FaissHits search_all_pairs(std::int64_t k) const;
    /// Whether the layout supports filtered search that finds all allowed vectors.
    bool can_filter() const;
    /// Whether vectors can be added after reading it from a file: Flat, HNSW and most of IVF.
    bool can_extend() const;
    /// The largest useful `widen`, at which every list is searched; 1 if it has no effect.
    int widest() const;

    /// The stored vector, dim() floats; nullptr if the layout does not store float32 vectors.
    const float* stored(std::int64_t position) const;

private:
    FaissHits search_linked(std::span<const float> queries, std::int64_t k, int widen,
                            std::span<const std::uint8_t> allowed) const;
    FaissHits with_twins(const FaissHits& linked, std::int64_t k,
                         std::span<const std::uint8_t> allowed) const;

    struct Impl;  // keeps <faiss/...> out of this header
    explicit FaissIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace pmatch
