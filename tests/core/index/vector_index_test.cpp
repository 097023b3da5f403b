#include "core/index/vector_index.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <thread>

#include "core/common/error.hpp"
#include "tests/core/index/index_support.hpp"

using namespace pmatch;
using namespace pmatch::test;

TEST_CASE("a query of the wrong size says which model to use") {
    const auto index = Index::build(std::vector<float>{1, 0}, 2);
    CHECK_THROWS_WITH_AS(index.search(std::array{1.0F, 0.0F, 0.0F}, 1),
                         "the query has 3 values, the index expects 2", pmatch::Error);
    CHECK_THROWS_WITH_AS(index.search_batch(std::array{1.0F, 0.0F, 0.0F, 1.0F}, 1, 1),
                         "the query has 4 values, the index expects 2", pmatch::Error);
}

TEST_CASE("a query that is not a number, and a wish for no answers, are refused") {
    const auto index = Index::build(std::vector<float>{1, 0}, 2);
    CHECK_THROWS_AS(index.search(std::array{std::nanf(""), 0.0F}, 1), Error);
    CHECK_THROWS_AS(index.search(std::array{1.0F, 0.0F}, 0), Error);
}

TEST_CASE("the best items come first and no more than there are") {
    const auto index = Index::build(std::vector<float>{1, 0, 0, 1, 0.6F, 0.8F}, 2);
    const auto found = index.search(std::array{0.0F, 1.0F}, 10);
    CHECK(found == std::vector<Neighbour>{{1, 1.0F}, {2, 0.8F}, {0, 0.0F}});
    CHECK(index.search(std::array{0.0F, 1.0F}, 1).size() == 1);
}

TEST_CASE("an empty index answers with nothing") {
    const auto index = Index::build({}, 2);
    CHECK(index.search(std::array{0.0F, 1.0F}, 3).empty());
}

TEST_CASE("an item with many pictures counts once, with its best") {
    // Row 7 has 300 vectors, all nearer to the query than the three other items.
    std::vector<float> vectors;
    std::vector<std::int64_t> rows;
    for (int i = 0; i < 300; ++i) {
        const float angle = 0.001F * static_cast<float>(i);
        vectors.insert(vectors.end(), {std::cos(angle), std::sin(angle)});
        rows.push_back(7);
    }
    for (int i = 0; i < 3; ++i) {
        const float angle = 1.0F + 0.1F * static_cast<float>(i);
        vectors.insert(vectors.end(), {std::cos(angle), std::sin(angle)});
        rows.push_back(i);
    }
    for (const char* layout : {"Flat", "HNSW32", "IVF4,Flat"}) {
        CAPTURE(layout);
        const auto index = build_in_blocks(rows, vectors, 2, {layout, 0}, 100);
        CHECK(index.build_info().most_per_row == 300);
        const auto found = index.search(std::array{1.0F, 0.0F}, 3);
        REQUIRE(found.size() == 3);
        CHECK(found[0] == Neighbour{7, 1.0F});
        CHECK(found[1].row == 0);
        CHECK(found[2].row == 1);
    }
}

TEST_CASE("all items tied with the last place are returned") {
    // 500 equal vectors among others: whichever k falls into them gets all of them.
    std::vector<float> vectors = {1, 0};
    for (int i = 0; i < 500; ++i)
        vectors.insert(vectors.end(), {0.6F, 0.8F});
    vectors.insert(vectors.end(), {0, 1});
    const auto index = Index::build(vectors, 2);
    CHECK(index.search(std::array{1.0F, 0.0F}, 1).size() == 1);
    const auto found = index.search(std::array{1.0F, 0.0F}, 3);
    REQUIRE(found.size() == 501);
    CHECK(found[0].row == 0);
    for (std::size_t i = 1; i < found.size(); ++i) {
        REQUIRE(found[i].row == static_cast<std::int64_t>(i));
    }
}

TEST_CASE("scores do not depend on the batch or on other threads") {
    constexpr std::size_t kDim = 96;
    const auto vectors = unit_vectors(3000, kDim, 1);
    const auto queries = unit_vectors(64, kDim, 2);
    for (const char* layout : {"Flat", "HNSW32", "IVF20,Flat"}) {
        CAPTURE(layout);
        const auto index = Index::build(vectors, kDim, {layout, 0});
        const auto together = index.search_batch(queries, 64, 10);
        std::vector<std::vector<Neighbour>> apart(64);
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = t; i < 64; i += 4) {
                    apart[i] = index.search(std::span(queries).subspan(i * kDim, kDim), 10);
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        CHECK(together == apart);
    }
}

TEST_CASE("IVF searches more lists when the near ones hold too few items") {
    const auto vectors = unit_vectors(500, 8, 7);
    const auto index = Index::build(vectors, 8, {"IVF50,Flat", 0});
    CHECK(index.search(std::span(vectors).first(8), 500).size() == 500);
}
