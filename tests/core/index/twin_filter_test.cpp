/// Filters and dead vectors of graphs with equal vectors, of which only one is linked.
#include <doctest/doctest.h>

#include <array>

#include "core/common/row_bitmap.hpp"
#include "tests/core/index/index_support.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

constexpr std::size_t kDim = 8;
constexpr std::size_t kOthers = 400;

/// 400 different vectors, then 100 that are equal to the first.
std::vector<float> vectors_with_twins() {
    auto vectors = unit_vectors(kOthers, kDim, 21);
    const std::vector<float> first(vectors.begin(), vectors.begin() + kDim);
    for (int i = 0; i < 100; ++i)
        vectors.insert(vectors.end(), first.begin(), first.end());
    return vectors;
}

}  // namespace

TEST_CASE("a twin is found where the vector that it is equal to is hidden") {
    const auto vectors = vectors_with_twins();
    const auto query = std::span(vectors).first(kDim);
    auto index = Index::build(vectors, kDim, {"HNSW16", 0});
    CHECK(index.search(query, 1).front().row == 0);
    index.hide(std::array<std::int64_t, 2>{0, 400});
    const auto found = index.search(query, 5);
    REQUIRE(found.size() >= 5);
    for (const auto& hit : found) {
        CHECK(hit.row > 400);
        CHECK(hit.score == found.front().score);
    }
}

TEST_CASE("a filter lets single twins through") {
    const auto vectors = vectors_with_twins();
    const auto index = Index::build(vectors, kDim, {"HNSW16", 0});
    RowSet rows;
    for (std::int64_t row = 1; row < 400; ++row)
        rows.insert(row);
    rows.insert(450);
    const auto filter = index.filter(rows);
    const auto found = index.search(std::span(vectors).first(kDim), 3, &filter);
    REQUIRE(found.size() >= 3);
    CHECK(found[0].row == 450);
    CHECK(found[1].score < found[0].score);
}

TEST_CASE("vectors that are added later are twins of older ones") {
    const auto vectors = vectors_with_twins();
    const auto old = std::span(vectors).first(kOthers * kDim);
    const auto fresh = std::span(vectors).subspan(kOthers * kDim);
    IndexBuilder builder(Index::build(old, kDim, {"HNSW16", 0}), {}, 100);
    builder.sample(vectors);
    std::vector<std::int64_t> rows;
    std::vector<std::int64_t> positions;
    for (std::int64_t row = 0; row < 500; ++row) {
        positions.push_back(row);
        if (row >= 400) rows.push_back(row);
    }
    builder.add(rows, fresh);
    builder.compare(positions, vectors);
    const auto index = builder.finish();
    CHECK(index.build_info().recall >= 0.99);
    CHECK(index.search(std::span(vectors).first(kDim), 101).back().score ==
          index.search(std::span(vectors).first(kDim), 1).front().score);
}
