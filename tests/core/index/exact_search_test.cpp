#include "core/index/exact_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace pmatch {
namespace {

std::vector<float> numbers(std::size_t count, unsigned seed) {
    std::mt19937 generator(seed);
    std::uniform_int_distribution<int> small(-8, 8);  // sums of their products are exact
    std::vector<float> values(count);
    for (auto& value : values)
        value = static_cast<float>(small(generator));
    return values;
}

/// All positions that are allowed, best first.
std::vector<std::int64_t> ranking(const StoredVectors& vectors, const float* query,
                                  const std::vector<std::uint8_t>& allowed,
                                  std::vector<float>& scores) {
    std::vector<std::int64_t> order;
    scores.assign(static_cast<std::size_t>(vectors.count), 0);
    for (std::int64_t at = 0; at < vectors.count; ++at) {
        const auto place = static_cast<std::size_t>(at);
        for (std::size_t i = 0; i < vectors.dim; ++i)
            scores[place] += vectors.values[place * vectors.dim + i] * query[i];
        if (allowed.empty() || (allowed[place / 8] >> (place % 8) & 1) != 0) order.push_back(at);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
    });
    return order;
}

void check_search(std::int64_t count, std::size_t dim, std::size_t asked, std::int64_t k,
                  const std::vector<std::uint8_t>& allowed) {
    const auto values = numbers(static_cast<std::size_t>(count) * dim, 1);
    const auto queries = numbers(asked * dim, 2);
    const StoredVectors vectors{values.data(), count, dim};
    const auto found = flat_search(vectors, queries, k, allowed);
    REQUIRE(found.positions.size() == asked * static_cast<std::size_t>(k));
    for (std::size_t i = 0; i < asked; ++i) {
        std::vector<float> scores;
        auto wanted = ranking(vectors, queries.data() + i * dim, allowed, scores);
        wanted.resize(static_cast<std::size_t>(k), -1);
        for (std::size_t n = 0; n < wanted.size(); ++n) {
            const auto at = i * wanted.size() + n;
            CHECK(found.positions[at] == wanted[n]);
            if (wanted[n] < 0) continue;
            CHECK(found.scores[at] == scores[static_cast<std::size_t>(wanted[n])]);
        }
    }
}

}  // namespace

TEST_CASE("a search by all threads finds what a sort of all scores does") {
    check_search(10'000, 37, 3, 50, {});  // several pieces; a width that no vector unit divides
    check_search(100, 16, 19, 10, {});
}

TEST_CASE("a search by all threads among some vectors finds only those, and pads a short list") {
    std::vector<std::uint8_t> some(5000 / 8 + 1, 0x24);
    check_search(5000, 8, 2, 20, some);
    std::vector<std::uint8_t> two(3, 0);
    two[1] = 0x81;
    check_search(20, 4, 2, 5, two);
}

}  // namespace pmatch
