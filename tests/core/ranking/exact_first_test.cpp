#include "core/ranking/exact_first.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pmatch;

namespace {

const std::string& id_of(std::int64_t row) {
    static const std::vector<std::string> ids{"a", "b", "c", "d", "e"};
    return ids.at(static_cast<std::size_t>(row));
}

std::vector<RankedItem> items(const std::vector<std::pair<std::int64_t, double>>& scores) {
    std::vector<RankedItem> result;
    for (const auto& [row, score] : scores) {
        result.emplace_back().row = row;
        result.back().score = score;
        result.back().parts.resize(2);
    }
    return result;
}

std::string order(const std::vector<RankedItem>& ranked) {
    std::string ids;
    for (const auto& item : ranked)
        ids += id_of(item.row);
    return ids;
}

}  // namespace

TEST_CASE("items with the identifier come first, with the highest scores") {
    auto ranked = items({{0, 3}, {1, 2}, {2, 1}});
    put_exact_first(ranked, std::vector<Neighbour>{{2, 1}}, 2, {}, id_of);
    CHECK(order(ranked) == "cab");
    CHECK(ranked[0].score == 4);  // the best of the others and the proof
    CHECK(ranked[0].exact == 1);
    CHECK(ranked[1].score == 3);
    CHECK(ranked[1].exact == 0);
}

TEST_CASE("an item that no list has is an answer, too") {
    auto ranked = items({{0, -3}});
    put_exact_first(ranked, std::vector<Neighbour>{{3, 0.5F}}, 2, {}, id_of);
    CHECK(order(ranked) == "da");
    CHECK(ranked[0].score == 0.5);  // above 0, however low the others are
    CHECK(ranked[0].parts.size() == 2);
    std::vector<RankedItem> none;
    put_exact_first(none, std::vector<Neighbour>{{4, 1}, {1, 1}}, 0, {}, id_of);
    CHECK(order(none) == "be");  // equal scores by id
}

TEST_CASE("several hits are ordered by their proof, then by the preset") {
    auto ranked = items({{0, 9}, {1, 8}, {2, 7}, {3, 1}});
    const std::vector<Neighbour> hits{{1, 1}, {3, 1}, {2, 0.5F}};
    put_exact_first(ranked, hits, 2, {}, id_of);
    CHECK(order(ranked) == "bdca");
    CHECK(ranked[0].score == 10.25);
    CHECK(ranked[1].score == 10);
}

TEST_CASE("groups and the number of answers hold for hits, too") {
    auto ranked = items({{0, 3}, {1, 2}, {2, 1}});
    RankOptions options;
    options.top = 2;
    options.group_of = [](std::int64_t row) { return row < 2 ? "one" : "other"; };
    put_exact_first(ranked, std::vector<Neighbour>{{1, 1}}, 2, options, id_of);
    CHECK(order(ranked) == "bc");
}

TEST_CASE("without hits nothing changes") {
    auto ranked = items({{0, 3}, {1, 2}});
    put_exact_first(ranked, {}, 2, {}, id_of);
    CHECK(order(ranked) == "ab");
    CHECK(ranked[0].score == 3);
}
