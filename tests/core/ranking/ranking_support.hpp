/// Hand-made lists for the tests of rankings: row 0 is the item "a", row 1 "b", and so on.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/preset/preset.hpp"
#include "core/preset/recipe_json.hpp"
#include "core/ranking/rank_lists.hpp"

namespace pmatch::test {

using Hits = std::vector<std::pair<char, double>>;

inline std::vector<Neighbour> hits(const Hits& items) {
    std::vector<Neighbour> result;
    for (const auto& [id, score] : items)
        result.push_back({id - 'a', static_cast<float>(score)});
    return result;
}

inline const std::string& letter(std::int64_t row) {
    static const std::vector<std::string> names{"a", "b", "c", "d", "e", "f", "g", "h"};
    return names[static_cast<std::size_t>(row)];
}

inline std::string ids(const std::vector<RankedItem>& items) {
    std::string result;
    for (const auto& item : items)
        result += letter(item.row);
    return result;
}

inline std::vector<RankedItem> ranked(const Recipe& recipe, const std::vector<Hits>& lists,
                                      const RankOptions& options = {}) {
    std::vector<std::vector<Neighbour>> all;
    for (const auto& list : lists)
        all.push_back(hits(list));
    return rank_lists(recipe, std::move(all), options, letter);
}

/// The order and, one by one, the scores.
inline void check_ranking(const std::vector<RankedItem>& items, const std::string& order,
                          const std::vector<double>& scores) {
    CHECK(ids(items) == order);
    REQUIRE(items.size() == scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        INFO("item " << letter(items[i].row));
        CHECK(items[i].score == doctest::Approx(scores[i]).epsilon(1e-7));
    }
}

}  // namespace pmatch::test
