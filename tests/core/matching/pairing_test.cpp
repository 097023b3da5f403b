#include "core/matching/pairing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/common/random.hpp"

using namespace pmatch;

namespace {

using Pairs = std::vector<ScoredPair>;

/// Scores in steps of .1, so that there are ties.
Pairs random_pairs(SplitMix64& random, std::uint32_t left, std::uint32_t right,
                   std::uint32_t of_10) {
    Pairs pairs;
    for (std::uint32_t a = 0; a < left; ++a) {
        for (std::uint32_t b = 0; b < right; ++b) {
            if (random.below(10) >= of_10) continue;
            pairs.push_back({a, b, static_cast<float>(random.below(11)) / 10});
        }
    }
    return pairs;
}

double total(const Pairs& pairs, double worthless) {
    double sum = 0;
    for (const auto& pair : pairs)
        sum += pair.score - worthless;
    return sum;
}

bool is_one_to_one(const Pairs& pairs) {
    std::set<std::uint32_t> left;
    std::set<std::uint32_t> right;
    return std::all_of(pairs.begin(), pairs.end(), [&](const ScoredPair& pair) {
        return left.insert(pair.left).second && right.insert(pair.right).second;
    });
}

/// Tries everything: pair `next` is taken or not.
double best_total(const Pairs& pairs, std::size_t next, std::set<std::uint32_t>& left,
                  std::set<std::uint32_t>& right, double worthless) {
    if (next == pairs.size()) return 0;
    double best = best_total(pairs, next + 1, left, right, worthless);
    const auto& pair = pairs[next];
    if (left.contains(pair.left) || right.contains(pair.right)) return best;
    left.insert(pair.left);
    right.insert(pair.right);
    best = std::max(best,
                    pair.score - worthless + best_total(pairs, next + 1, left, right, worthless));
    left.erase(pair.left);
    right.erase(pair.right);
    return best;
}

}  // namespace

TEST_CASE("best gives every left item its best, the smaller one of equal ones") {
    const Pairs pairs = {{0, 1, .5F}, {0, 0, .5F}, {1, 0, .9F}, {1, 1, .2F}};
    CHECK(best_pairs(pairs) == Pairs{{1, 0, .9F}, {0, 0, .5F}});
}

TEST_CASE("mutual keeps the pairs that are the best of both") {
    const Pairs pairs = {{0, 0, .8F}, {1, 0, .9F}, {1, 1, .2F}, {2, 1, .3F}};
    CHECK(mutual_pairs(pairs) == Pairs{{1, 0, .9F}, {2, 1, .3F}});
}

TEST_CASE("greedy takes the best pair while both items are free") {
    const Pairs pairs = {{0, 0, .9F}, {0, 1, .8F}, {1, 0, .8F}, {1, 1, .1F}};
    CHECK(one_to_one_greedy(pairs) == Pairs{{0, 0, .9F}, {1, 1, .1F}});
}

TEST_CASE("optimal gives up the best pair for two good ones, unless the threshold says no") {
    const Pairs pairs = {{0, 0, .9F}, {0, 1, .8F}, {1, 0, .8F}, {1, 1, .1F}};
    CHECK(one_to_one_optimal(pairs) == Pairs{{0, 1, .8F}, {1, 0, .8F}});
    CHECK(one_to_one_optimal(pairs, .75) == Pairs{{0, 0, .9F}});
}

TEST_CASE("nothing comes of nothing") {
    CHECK(best_pairs({}).empty());
    CHECK(mutual_pairs({}).empty());
    CHECK(one_to_one_greedy({}).empty());
    CHECK(one_to_one_optimal({}).empty());
    CHECK(one_to_one_optimal(Pairs{{0, 0, .5F}}, .5).empty());
}

TEST_CASE("a pair that is listed twice counts with its better score") {
    const Pairs pairs = {{0, 0, .2F}, {0, 0, .7F}, {0, 0, .5F}};
    const Pairs expected = {{0, 0, .7F}};
    CHECK(best_pairs(pairs) == expected);
    CHECK(mutual_pairs(pairs) == expected);
    CHECK(one_to_one_greedy(pairs) == expected);
    CHECK(one_to_one_optimal(pairs) == expected);
}

TEST_CASE("optimal is as good as trying everything") {
    SplitMix64 random(7);
    for (int round = 0; round < 300; ++round) {
        const auto pairs =
            random_pairs(random, 1 + random.below(5), 1 + random.below(5), 3 + random.below(6));
        if (pairs.size() > 16) continue;
        for (const double worthless : {0.0, 0.45, -0.5}) {
            const auto found = one_to_one_optimal(pairs, worthless);
            CHECK(is_one_to_one(found));
            std::set<std::uint32_t> left;
            std::set<std::uint32_t> right;
            CHECK(total(found, worthless) ==
                  doctest::Approx(best_total(pairs, 0, left, right, worthless)).epsilon(1e-9));
        }
    }
}

TEST_CASE("optimal finds a hidden permutation among many pairs, from both sides") {
    SplitMix64 random(3);
    constexpr std::uint32_t kItems = 3000;
    Pairs pairs;
    Pairs turned;
    for (std::uint32_t i = 0; i < kItems; ++i) {
        // 2 a true pair, at most 1 another: no set of pairs is worth more than the true ones.
        pairs.push_back({i, (i * 7U) % kItems, 2});
        for (int n = 0; n < 20; ++n) {
            const auto other = random.below(kItems);
            if (other == (i * 7U) % kItems) continue;
            pairs.push_back({i, other, static_cast<float>(random.below(1000)) / 1000});
        }
    }
    for (const auto& pair : pairs)
        turned.push_back({pair.right, pair.left, pair.score});
    for (const auto& found : {one_to_one_optimal(pairs), one_to_one_optimal(turned)}) {
        CHECK(found.size() == kItems);
        CHECK(total(found, 0) == 2.0 * kItems);
    }
}

TEST_CASE("greedy keeps at least half of the optimal sum, optimal never less than greedy") {
    SplitMix64 random(11);
    for (int round = 0; round < 50; ++round) {
        const auto pairs = random_pairs(random, 20, 30, 4);
        const auto greedy = one_to_one_greedy(pairs);
        CHECK(is_one_to_one(greedy));
        const double optimal = total(one_to_one_optimal(pairs), 0);
        CHECK(total(greedy, 0) <= optimal + 1e-6);
        CHECK(total(greedy, 0) >= optimal / 2 - 1e-6);
    }
}

TEST_CASE("results do not depend on the order of the pairs") {
    SplitMix64 random(5);
    auto pairs = random_pairs(random, 15, 15, 5);
    const auto best = best_pairs(pairs);
    const auto mutual = mutual_pairs(pairs);
    const auto greedy = one_to_one_greedy(pairs);
    const auto optimal = one_to_one_optimal(pairs);
    for (int round = 0; round < 20; ++round) {
        for (std::uint32_t i = static_cast<std::uint32_t>(pairs.size()); i > 1; --i)
            std::swap(pairs[i - 1], pairs[random.below(i)]);
        CHECK(best_pairs(pairs) == best);
        CHECK(mutual_pairs(pairs) == mutual);
        CHECK(one_to_one_greedy(pairs) == greedy);
        CHECK(one_to_one_optimal(pairs) == optimal);
    }
}
