/// A FAISS index by inner product, without FAISS in sight. Its ids are positions: 0, 1, 2, … in
/// the order of add(). Index (index.hpp) is what a search uses; this is what it is made of.
/// All matrices are row-major.
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

/// `k` hits per query, best first, in rows of `k`. A short list is padded with position -1.
struct FaissHits {
    std::vector<std::int64_t> positions;
    std::vector<float> scores;
};

/// The one number that trades speed for recall at search time.
struct SearchKnob {
    std::string name;  ///< FAISS's name, "nprobe" or "efSearch"; empty when there is none
    int value = 0;
    int limit = 0;  ///< beyond it nothing is gained
};

class FaissIndex {
public:
    /// `layout` is a FAISS factory string. UsageError when FAISS does not know it, or when it
    /// cannot search by inner product with positions as ids.
    FaissIndex(int dim, const std::string& layout);

    /// Reads the file; FAISS believes what a header says, so the caller has verified the file's
    /// size and checksum before. Throws Error when FAISS cannot read it.
    static FaissIndex read(const std::filesystem::path& file);
    void write(AtomicFile& file) const;

    ~FaissIndex();
    FaissIndex(FaissIndex&&) noexcept;
    FaissIndex& operator=(FaissIndex&&) noexcept;

    int dim() const;
    std::int64_t count() const;
    /// Every search compares the query with every stored float32 vector.
    bool exact() const;

    bool needs_training() const;
    /// Throws Error when the layout wants more vectors than there are.
    void train(std::span<const float> vectors);
    void add(std::span<const float> vectors);
    /// After the last add() or a read: makes stored() work where the layout keeps float32 vectors.
    void locate_stored();

    SearchKnob knob() const;
    void set_knob(int value);

    /// Thread-safe. `widen` multiplies an IVF layout's nprobe; other layouts take no notice. With
    /// `allowed`, a bit a position, lowest bit of a byte first, nothing else is found: only where
    /// can_filter().
    FaissHits search(std::span<const float> queries, std::int64_t k, int widen = 1,
                     std::span<const std::uint8_t> allowed = {}) const;
    /// search() with every stored vector as a query, in half the time: only where exact().
    FaissHits search_all_pairs(std::int64_t k) const;
    /// The layout can search among some vectors, and find as many as there are.
    bool can_filter() const;
    /// Vectors can be added to it after it was read again: Flat, HNSW and most of IVF.
    bool can_extend() const;
    /// How far `widen` may grow before every list is searched; 1 when it changes nothing.
    int widest() const;

    /// The stored vector, dim() floats; nullptr when the layout stores something else.
    const float* stored(std::int64_t position) const;

private:
    struct Impl;  // keeps <faiss/...> out of this header
    explicit FaissIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace pmatch
