/// Internal to core: the layout of a .bm25 file.
///
///     header    Bm25Header
///     rows      int64  [items]   position → row, ascending
///     terms     Bm25Term [terms] ascending by their bytes
///     slots     uint32 [slots]   hash table: term number + 1, 0 = empty, linear probing from the
///                                low bits of the term's hash
///     order     uint32 [items]   position → place among the item ids in ascending bytes
///     postings  4-byte words     for a term of n items with 4 n <= items: uint32 [n] positions,
///                                ascending, then float [n] what the term adds to each;
///                                for a more frequent one: float [items], 0 = not in the item
///     text      the terms' bytes
///
/// All numbers are little-endian; the value a term adds to an item includes its idf.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/common/remedy.hpp"
#include "core/files/hash.hpp"
#include "core/lexical/bm25.hpp"

namespace pmatch {

static_assert(std::endian::native == std::endian::little, "the file is mapped as it lies");

struct Bm25Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t header_size;
    std::uint64_t file_size;
    std::uint64_t items;
    std::uint64_t terms;
    std::uint64_t slots;  ///< a power of two, more than `terms`
    std::uint64_t postings;
    std::uint64_t posting_words;
    std::uint64_t text_size;
    std::uint64_t length;  ///< total number of terms in all items, including repetitions
    double k1;
    double b;
    std::uint32_t analyser;
    std::uint32_t analyser_version;
    std::int64_t generation;
    std::array<char, 32> stamp;
    std::array<char, 256> source;           ///< padded with zeros
    std::array<std::uint8_t, 16> checksum;  ///< XXH3-128 of all preceding bytes
};
static_assert(sizeof(Bm25Header) == 416 && sizeof(Bm25Header) % 8 == 0);

struct Bm25Term {
    std::uint64_t text;      ///< offset of its bytes
    std::uint64_t postings;  ///< offset, in 4-byte words
    std::uint32_t text_size;
    std::uint32_t items;  ///< number of items that contain it
};
static_assert(sizeof(Bm25Term) == 24);

inline constexpr std::array<char, 8> kBm25Magic{'P', 'M', 'B', 'M', '2', '5', '\r', '\n'};
inline constexpr std::uint64_t kMostBm25Items = 0xFFFFFFF0;
inline constexpr std::uint64_t kMostBm25Terms = 0xFFFFFFF0;

/// The remedy for any damage to a lexical index.
inline Remedy bm25_remedy() {
    return {"make the index again:", {{"doctor", {}, {"--repair"}}}};
}

/// Frequent terms store a value for every item, which is faster to add than scattered positions.
inline bool is_dense(std::uint64_t items_with_term, std::uint64_t items) {
    return items_with_term * 4 > items;
}

inline std::uint64_t posting_words(std::uint64_t items_with_term, std::uint64_t items) {
    return is_dense(items_with_term, items) ? items : 2 * items_with_term;
}

Hash128 checksum_of(const Bm25Header& header);

/// The sections of a mapped file.
struct Bm25Sections {
    Bm25Header header{};
    std::span<const std::int64_t> rows;
    std::span<const Bm25Term> terms;
    std::span<const std::uint32_t> slots;
    std::span<const std::uint32_t> order;
    std::span<const std::uint32_t> postings;
    std::string_view text;

    std::string_view text_of(const Bm25Term& term) const {
        return text.substr(term.text, term.text_size);
    }
    std::span<const std::uint32_t> positions(const Bm25Term& term) const {
        return postings.subspan(term.postings, term.items);
    }
    /// For all items if the term is dense, else for those in positions().
    std::span<const float> values(const Bm25Term& term) const;
};

/// Throws Error, naming `file`, unless all offsets that a search follows are inside `bytes`: a
/// malformed file cannot cause reads elsewhere.
Bm25Sections check_bm25(std::span<const std::byte> bytes, const std::filesystem::path& file);

}  // namespace pmatch
