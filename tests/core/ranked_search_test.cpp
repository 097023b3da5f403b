#include "core/ranked_search.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pmatch;

namespace {

std::vector<std::string> ids(const RankedList& list) {
    std::vector<std::string> result;
    result.reserve(list.size());
    for (const auto& answer : list)
        result.push_back(answer.item);
    return result;
}

}  // namespace

TEST_CASE("answers go by score, then by the bytes of the id, and are cut after that") {
    const std::vector<std::string> names = {"b", "B", "a", "\xc3\xa9", "z"};
    const std::vector<Neighbour> found = {{4, 0.9F}, {0, 0.5F}, {1, 0.5F}, {2, 0.5F}, {3, 0.5F}};
    const auto name = [&](std::int64_t row) { return names[static_cast<std::size_t>(row)]; };
    CHECK(ids(rank(found, 5, name)) == std::vector<std::string>{"z", "B", "a", "b", "\xc3\xa9"});
    CHECK(ids(rank(found, 2, name)) == std::vector<std::string>{"z", "B"});
    CHECK(rank(found, 2, name)[1].score == 0.5F);
    CHECK(rank({}, 3, name).empty());
}
