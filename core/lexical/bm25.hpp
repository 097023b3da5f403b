/// Lexical search by BM25 over an index file.
///
/// score(query, item) = sum over the query's terms t, each as often as it occurs in the query, of
///     idf(t) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * dl / avgdl))
///     idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5))
/// with N items, n of them holding t, tf occurrences of t in the item, dl terms in the item, avgdl
/// their mean. Robertson, Zaragoza: "The Probabilistic Relevance Framework: BM25 and Beyond",
/// 2009; the idf, which is never negative, is Lucene's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/common/row_bitmap.hpp"
#include "core/common/source.hpp"
#include "core/files/atomic_file.hpp"
#include "core/lexical/analyser.hpp"

namespace pmatch {

struct Bm25Options {
    Analyser analyser = Analyser::kWords;
    double k1 = 1.2;  ///< term frequency saturation: larger values let repeated terms count more
    double b = 0.75;  ///< length normalisation: 0 = none, 1 = full
};

/// Metadata of an index.
struct Bm25Info {
    Bm25Options options;
    int analyser_version = kAnalyserVersion;
    Source source;
    std::string stamp;  ///< identifies the texts it was built from; defined by the collection
    std::int64_t generation = 0;  ///< of the collection it was built from
    std::int64_t items = 0;
    std::int64_t terms = 0;     ///< distinct
    std::int64_t postings = 0;  ///< pairs of a term and an item that contains it
};

/// A query's term numbers in the index, ascending; unknown terms are dropped.
struct Bm25Query {
    struct Term {
        std::uint32_t number = 0;
        float count = 0;  ///< in the query
    };
    std::vector<Term> terms;
};

/// Memory-mapped, read-only and thread-safe.
class Bm25Index {
public:
    /// Verifies size, checksum and all offsets that a search follows; throws Error naming the file.
    static Bm25Index open(const std::filesystem::path& file, const FileRecord& expected);
    ~Bm25Index();
    Bm25Index(Bm25Index&&) noexcept;
    Bm25Index& operator=(Bm25Index&&) noexcept;

    const Bm25Info& info() const;
    /// The item of each position, ascending.
    std::span<const std::int64_t> rows() const;

    Bm25Query prepare(std::string_view text) const;
    /// The same for many texts on `threads` threads (0 = all cores).
    std::vector<Bm25Query> prepare_batch(std::span<const std::string_view> texts,
                                         int threads) const;

    /// The top `k` items with scores above 0, best first, ties by ascending bytes of the item id;
    /// restricted to `allowed`, if given. Scores are single-precision sums in the order of the
    /// terms' bytes: equal to those of scores() and independent of batch size and number of
    /// threads.
    std::vector<Neighbour> search(const Bm25Query& query, int k,
                                  const RowSet* allowed = nullptr) const;
    std::vector<std::vector<Neighbour>> search_batch(std::span<const Bm25Query> queries, int k,
                                                     int threads,
                                                     const RowSet* allowed = nullptr) const;

    /// The scores of all items by position; 0 if no term matches.
    std::vector<float> scores(const Bm25Query& query) const;

private:
    struct State;
    explicit Bm25Index(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
