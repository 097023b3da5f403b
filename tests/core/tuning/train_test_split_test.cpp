#include "core/tuning/train_test_split.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace {

using namespace pmatch;

QueryNumbers numbers_to(std::size_t count) {
    QueryNumbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

TEST_CASE("queries that share a true item, even through others, are one group") {
    const std::vector<std::string> queries{"a", "b", "c", "d", "e"};
    const Truth truth{{"a", {{"1", 1}}},
                      {"b", {{"2", 1}, {"3", 1}}},
                      {"c", {{"1", 1}, {"2", 1}}},
                      {"d", {{"3", 0}}},
                      {"e", {}}};
    CHECK(truth_groups(queries, truth) == std::vector<std::uint32_t>{0, 0, 0, 1, 2});
}

TEST_CASE("halves hold every query once, and never part a group") {
    std::vector<std::uint32_t> groups;
    for (std::uint32_t i = 0; i < 301; ++i)
        groups.push_back(i % 7 == 0 ? 0 : i / 3);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto [train, held_out] = split_halves(groups, numbers_to(groups.size()), seed);
        CHECK(train.size() + held_out.size() == groups.size());
        std::set<std::uint32_t> of_train;
        for (const auto number : train)
            of_train.insert(groups[number]);
        CHECK(std::none_of(held_out.begin(), held_out.end(),
                           [&](auto number) { return of_train.contains(groups[number]); }));
        CHECK(std::is_sorted(train.begin(), train.end()));
        CHECK(train.size() > groups.size() / 3);
        CHECK(held_out.size() > groups.size() / 3);
    }
}

/// Fisher and Yates from the end, by another implementation (Python).
TEST_CASE("a seed gives the same halves in every year") {
    const auto all = numbers_to(20);
    const std::vector<std::uint32_t> groups(all.begin(), all.end());
    CHECK(split_halves(groups, all, 1).train == QueryNumbers{0, 5, 6, 7, 8, 9, 13, 14, 15, 19});
    CHECK(split_halves(groups, all, 1).held_out ==
          QueryNumbers{1, 2, 3, 4, 10, 11, 12, 16, 17, 18});
    CHECK(split_halves(groups, all, 2).train == QueryNumbers{1, 2, 5, 6, 7, 8, 9, 12, 13, 14});
    const std::vector<std::uint32_t> pairs{0, 0, 1, 2, 2, 2, 3, 4, 5, 5};
    CHECK(split_halves(pairs, numbers_to(10), 1).train == QueryNumbers{3, 4, 5, 6, 7});
}

TEST_CASE("halves of some queries have their numbers") {
    const QueryNumbers some{4, 9, 11};
    const std::vector<std::uint32_t> groups{7, 7, 2};
    const auto halves = split_halves(groups, some, 3);
    const bool pair_is_train = halves.train == QueryNumbers{4, 9};
    CHECK((pair_is_train ? halves.held_out : halves.train) == QueryNumbers{11});
    CHECK((pair_is_train ? halves.train : halves.held_out) == QueryNumbers{4, 9});
}

}  // namespace
