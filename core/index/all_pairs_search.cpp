#include "core/index/all_pairs_search.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include "core/index/top_k.hpp"
#include "core/threads/parallel.hpp"
#include "core/threads/single_threaded_blas.hpp"

// FAISS links the BLAS, whose Fortran interface users declare themselves. Column-major.
extern "C" int sgemm_(  // NOLINT(readability-identifier-naming)
    const char* transpose_a, const char* transpose_b, const int* rows, const int* columns,
    const int* inner, const float* alpha, const float* a, const int* stride_a, const float* b,
    const int* stride_b, const float* beta, float* result, const int* stride);

namespace pmatch {
namespace {

constexpr std::size_t kBand = 512;  // vectors; two bands and their products fit into the cache
constexpr std::size_t kLanes = 16;  // products examined together
constexpr std::size_t kTilesOfPiece = 8;

struct Band {
    std::size_t first = 0;
    std::size_t size = 0;
};

class SelfSearch {
public:
    SelfSearch(const StoredVectors& vectors, std::size_t k)
        : vectors_(vectors),
          total_(static_cast<std::size_t>(vectors.count)),
          best_(total_, BestHits(k)),
          borders_(total_, std::numeric_limits<float>::lowest()),
          locks_((total_ + kBand - 1) / kBand) {}

    void run() {
        std::vector<std::pair<std::size_t, std::size_t>> tiles;
        for (std::size_t a = 0; a < locks_.size(); ++a) {
            for (std::size_t b = a; b < locks_.size(); ++b)
                tiles.emplace_back(a, b);
        }
        for_pieces(
            tiles.size(), 0,
            [&](std::size_t begin, std::size_t end) {
                const SingleThreadedBlas alone;
                std::vector<float> products(kBand * kBand);
                for (auto tile = begin; tile < end; ++tile)
                    compare(tiles[tile].first, tiles[tile].second, products);
            },
            kTilesOfPiece);
    }

    std::vector<BestHits> found() && { return std::move(best_); }

private:
    Band band(std::size_t number) const {
        const auto first = number * kBand;
        return {first, std::min(kBand, total_ - first)};
    }

    /// Multiplies each vector of band `number_a` with each of `number_b`, the same band or a later
    /// one.
    void compare(std::size_t number_a, std::size_t number_b, std::vector<float>& products) {
        const auto a = band(number_a);
        const auto b = band(number_b);
        multiply(a, b, products.data());
        {
            const std::lock_guard lock(locks_[number_a]);
            for (std::size_t i = 0; i < a.size; ++i)
                take_row(a.first + i, b, products.data() + i * kBand);
        }
        if (number_a == number_b) return;  // the products already cover both directions
        const std::lock_guard lock(locks_[number_b]);
        for (std::size_t i = 0; i < a.size; ++i)
            take_column(a.first + i, b, products.data() + i * kBand);
    }

    /// products[i * kBand + j] = vector i of `a` · vector j of `b`.
    void multiply(const Band& a, const Band& b, float* products) const {
        const auto dim = static_cast<int>(vectors_.dim);
        const auto rows = static_cast<int>(b.size);
        const auto columns = static_cast<int>(a.size);
        const auto stride = static_cast<int>(kBand);
        const float one = 1;
        const float zero = 0;
        sgemm_("T", "N", &rows, &columns, &dim, &one, vectors_.values + b.first * vectors_.dim,
               &dim, vectors_.values + a.first * vectors_.dim, &dim, &zero, products, &stride);
    }

    /// Offers the band's vectors as hits of the vector `query`.
    void take_row(std::size_t query, const Band& band, const float* products) {
        auto& best = best_[query];
        auto border = borders_[query];
        for (std::size_t j = 0; j < band.size; j += kLanes) {
            const auto end = std::min(j + kLanes, band.size);
            if (end - j == kLanes) {
                bool any = false;
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                    any |= products[j + lane] >= border;
                if (!any) continue;
            }
            for (auto at = j; at < end; ++at) {
                if (products[at] < border) continue;
                best.add({products[at], static_cast<std::int64_t>(band.first + at)});
                border = best.border();
            }
        }
        borders_[query] = border;
    }

    /// By symmetry: offers the vector `found` as a hit of each vector of the band.
    void take_column(std::size_t found, const Band& band, const float* products) {
        const float* borders = borders_.data() + band.first;
        for (std::size_t j = 0; j < band.size; j += kLanes) {
            const auto end = std::min(j + kLanes, band.size);
            if (end - j == kLanes) {
                bool any = false;
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                    any |= products[j + lane] >= borders[j + lane];
                if (!any) continue;
            }
            for (auto at = j; at < end; ++at) {
                if (products[at] < borders[at]) continue;
                auto& best = best_[band.first + at];
                best.add({products[at], static_cast<std::int64_t>(found)});
                borders_[band.first + at] = best.border();
            }
        }
    }

    StoredVectors vectors_;
    std::size_t total_;
    std::vector<BestHits> best_;
    std::vector<float> borders_;     ///< of best_, contiguous
    std::vector<std::mutex> locks_;  ///< one per band, for best_ and borders_
};

}  // namespace

FaissHits self_search(const StoredVectors& vectors, std::int64_t k) {
    const auto width = static_cast<std::size_t>(k);
    SelfSearch search(vectors, width);
    search.run();
    return in_rows(std::move(search).found(), width);
}

}  // namespace pmatch
