#include "core/matching/grouping.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/common/random.hpp"

using namespace pmatch;

namespace {

using Pairs = std::vector<ScoredPair>;
using Members = std::vector<std::uint32_t>;

std::vector<Members> members(const std::vector<Group>& groups) {
    std::vector<Members> lists;
    for (const auto& group : groups)
        lists.push_back(group.members);
    return lists;
}

}  // namespace

TEST_CASE("groups are what is connected, in the order of their first members") {
    const Pairs pairs = {{7, 5, .9F}, {1, 8, .2F}, {5, 2, .4F}, {3, 3, 1}};
    CHECK(members(group_items(pairs)) == std::vector<Members>{{1, 8}, {2, 5, 7}});
    CHECK(group_items({}).empty());
}

TEST_CASE("a size limit breaks the weakest link") {
    const Pairs chain = {{0, 1, .9F}, {1, 2, .5F}, {2, 3, .8F}};
    CHECK(members(group_items(chain, {3})) == std::vector<Members>{{0, 1}, {2, 3}});
    CHECK(members(group_items(chain, {4})) == std::vector<Members>{{0, 1, 2, 3}});
    CHECK(group_items(chain, {1}).empty());
}

TEST_CASE("the medoid is most like the others, the smallest of equal ones") {
    const Pairs star = {{4, 1, .5F}, {4, 2, .5F}, {4, 3, .5F}, {1, 2, .6F}};
    CHECK(group_items(star).front().medoid == 4);
    CHECK(group_items(Pairs{{9, 6, .5F}}).front().medoid == 6);
}

TEST_CASE("a pair that is listed in both directions counts once") {
    // Once: 1 has .8, 2 has 1.15. Twice, 1 would have 1.3.
    const Pairs pairs = {{0, 1, .5F}, {1, 0, .5F}, {2, 3, .4F}, {1, 2, .3F}, {2, 4, .45F}};
    CHECK(group_items(pairs).front().medoid == 2);
}

TEST_CASE("a link that a limit cut adds nothing to the medoid") {
    const Pairs pairs = {{0, 1, .9F}, {1, 2, .85F}, {2, 3, .9F}, {0, 4, .1F}};
    const auto groups = group_items(pairs, {3});
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].members == Members{0, 1, 4});
    CHECK(groups[0].medoid == 0);
}

TEST_CASE("groups are those of a search through all links") {
    SplitMix64 random(2);
    constexpr std::uint32_t kItems = 400;
    Pairs pairs;
    for (int n = 0; n < 250; ++n)
        pairs.push_back({random.below(kItems), random.below(kItems), .5F});
    Members label(kItems);
    for (std::uint32_t i = 0; i < kItems; ++i)
        label[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& pair : pairs) {
            const auto smaller = std::min(label[pair.left], label[pair.right]);
            changed = changed || label[pair.left] != label[pair.right];
            label[pair.left] = label[pair.right] = smaller;
        }
    }
    std::vector<Members> expected(kItems);
    for (std::uint32_t i = 0; i < kItems; ++i)
        expected[label[i]].push_back(i);
    std::erase_if(expected, [](const Members& list) { return list.size() < 2; });
    CHECK(members(group_items(pairs)) == expected);
}
