#include "core/index/all_pairs_search.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "core/index/vector_index.hpp"
#include "tests/core/index/index_support.hpp"

namespace pmatch {
namespace {

/// Whole numbers: sums of their products are exact, whatever their order, and often equal.
std::vector<float> whole_numbers(std::size_t count) {
    std::mt19937 generator(3);
    std::uniform_int_distribution<int> small(-4, 4);
    std::vector<float> values(count);
    for (auto& value : values)
        value = static_cast<float>(small(generator));
    return values;
}

/// Every row's list, as it is found for each vector asked by itself.
void check_lists(const Index& index, std::span<const float> vectors, int k) {
    REQUIRE(index.can_search_self(k));
    const auto found = index.search_all_pairs(k);
    const auto width = static_cast<std::size_t>(index.dim());
    REQUIRE(found.size() == vectors.size() / width);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CAPTURE(i);
        REQUIRE(found[i] == index.search(vectors.subspan(i * width, width), k));
    }
}

}  // namespace

TEST_CASE("a search of all vectors with all finds what asking each of them does") {
    constexpr std::size_t kDim = 12;
    for (const std::int64_t count : {1, 15, 512, 1300}) {
        for (const std::int64_t k : {1, 7, 40}) {
            CAPTURE(count);
            CAPTURE(k);
            const auto values = whole_numbers(static_cast<std::size_t>(count) * kDim);
            const StoredVectors vectors{values.data(), count, kDim};
            const auto found = self_search(vectors, k);
            const auto wanted = flat_search(vectors, values, k, {});
            CHECK(found.positions == wanted.positions);
            CHECK(found.scores == wanted.scores);
        }
    }
}

TEST_CASE("an index searched with its own vectors gives the lists of a search with each") {
    const auto vectors = test::unit_vectors(1500, 24, 5);
    SUBCASE("a vector for each item") {
        check_lists(Index::build(vectors, 24), vectors, 10);
    }
    SUBCASE("several for each item") {
        const auto rows = test::numbers(1500, 4);
        check_lists(test::build_in_blocks(rows, vectors, 24, {"Flat", 0}, 400), vectors, 10);
    }
    SUBCASE("as many answers as there are items") {
        const auto few = std::span(vectors).first(std::size_t{24} * 30);
        check_lists(Index::build(few, 24), few, 50);
    }
    SUBCASE("ties that need a deeper search") {
        std::vector<float> same = {1, 0};
        for (int i = 0; i < 700; ++i)
            same.insert(same.end(), {0.6F, 0.8F});
        check_lists(Index::build(same, 2), same, 3);
    }
}

TEST_CASE("only an exact index with nothing hidden is searched with its own vectors") {
    const auto vectors = test::unit_vectors(600, 8, 6);
    CHECK_FALSE(Index::build(vectors, 8, {"HNSW32", 0}).can_search_self(10));
    auto flat = Index::build(vectors, 8);
    CHECK(flat.can_search_self(10));
    flat.hide(std::vector<std::int64_t>{5});
    CHECK_FALSE(flat.can_search_self(10));
    CHECK_FALSE(Index::build({}, 8).can_search_self(10));
}

}  // namespace pmatch
