#include "core/matching/group_numbers.hpp"

#include <doctest/doctest.h>

using namespace pmatch;

namespace {

std::vector<Group> groups_of(const std::vector<std::vector<std::uint32_t>>& members) {
    std::vector<Group> groups;
    for (const auto& some : members) {
        Group group;
        group.members = some;
        groups.push_back(group);
    }
    return groups;
}

using Numbered = std::vector<std::pair<std::int64_t, std::vector<std::uint32_t>>>;

Numbered numbered(const std::vector<Group>& groups) {
    Numbered result;
    for (const auto& group : groups)
        result.emplace_back(group.number, group.members);
    return result;
}

}  // namespace

TEST_CASE("groups keep their numbers when others come before them") {
    auto groups = groups_of({{0, 1}, {2, 3}, {4, 5, 6}});
    const auto changes = keep_numbers(groups, {{1, {2, 3}}, {2, {4, 5}}}, 3);
    CHECK(numbered(groups) == Numbered{{1, {2, 3}}, {2, {4, 5, 6}}, {3, {0, 1}}});
    CHECK(changes.kept == 2);
    CHECK(changes.fresh == 1);
    CHECK(changes.gone == 0);
}

TEST_CASE("of merged groups the one with most members gives its number, then the smaller number") {
    auto groups = groups_of({{0, 1, 2, 3, 4}});
    const auto changes = keep_numbers(groups, {{4, {0, 1}}, {7, {2, 3, 4}}}, 9);
    CHECK(groups[0].number == 7);
    CHECK(changes.merged == 1);
    auto equal = groups_of({{0, 1, 2, 3}});
    keep_numbers(equal, {{7, {0, 1}}, {4, {2, 3}}}, 9);
    CHECK(equal[0].number == 4);
}

TEST_CASE("of the pieces of a split group the largest keeps the number, then the first") {
    auto groups = groups_of({{0, 1}, {2, 3, 4}});
    const auto changes = keep_numbers(groups, {{3, {0, 1, 2, 3, 4}}}, 5);
    CHECK(numbered(groups) == Numbered{{3, {2, 3, 4}}, {5, {0, 1}}});
    CHECK(changes.split == 1);
    auto equal = groups_of({{0, 1}, {2, 3}});
    keep_numbers(equal, {{3, {0, 1, 2, 3}}}, 5);
    CHECK(numbered(equal) == Numbered{{3, {0, 1}}, {5, {2, 3}}});
}

TEST_CASE("the number of a group that is gone is not given again") {
    auto groups = groups_of({{5, 6}});
    const auto changes = keep_numbers(groups, {{1, {}}, {2, {0, 1}}}, 3);
    CHECK(groups[0].number == 3);
    CHECK(changes.gone == 2);
}
