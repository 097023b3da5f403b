#include "core/recipe_grid.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/fusion.hpp"
#include "core/preset.hpp"
#include "core/recipe_json.hpp"
#include "core/recipe_writer.hpp"

namespace {

using namespace pmatch;

std::vector<ListSpec> lists(std::size_t count) {
    std::vector<ListSpec> all;
    for (std::size_t i = 0; i < count; ++i) {
        auto& list = all.emplace_back();
        list.name = "list" + std::to_string(i);
        list.source = "text";
        list.space = list.name;
    }
    return all;
}

std::size_t count_of(const std::vector<GridRecipe>& grid, const std::string& method) {
    return static_cast<std::size_t>(std::count_if(grid.begin(), grid.end(), [&](const auto& one) {
        return one.recipe.fusion.method == method;
    }));
}

TEST_CASE("the grid has every list alone, every fusion, and no recipe twice") {
    const auto grid = recipe_grid(lists(6), {});
    CHECK(grid.size() == 300);
    CHECK(count_of(grid, "none") == 6);
    for (const auto* method : {"wsum", "rrf", "dbsf", "combmnz", "borda"})
        CHECK(count_of(grid, method) > 10);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        CHECK(grid[i].lists.size() == grid[i].recipe.lists.size());
        for (std::size_t j = 0; j < i; ++j)
            CHECK(grid[i].recipe != grid[j].recipe);
    }
}

TEST_CASE("every recipe of the grid can be written and read") {
    for (const auto& [recipe, places] : recipe_grid(lists(3), {})) {
        CHECK(parse_recipe(recipe_json(recipe), "", "") == recipe);
        for (std::size_t i = 0; i < places.size(); ++i)
            CHECK(recipe.lists[i].name == "list" + std::to_string(places[i]));
    }
}

TEST_CASE("a list alone leaves nothing to fuse") {
    const auto grid = recipe_grid(lists(1), {});
    REQUIRE(grid.size() == 1);
    CHECK(grid.front().recipe.fusion.method == "none");
    CHECK(recipe_grid({}, {}).empty());
}

TEST_CASE("a seed always gives the same grid, another one other weights") {
    const auto recipes = [](std::uint64_t seed) {
        std::string all;
        for (const auto& one : recipe_grid(lists(4), {100, {100}, seed}))
            all += recipe_line(one.recipe) + "\n";
        return all;
    };
    CHECK(recipes(1) == recipes(1));
    CHECK(recipes(1) != recipes(2));
}

TEST_CASE("around three stages: gates of every mode, other depths, other weights") {
    const auto start = *find_recipe("three-stage");
    const auto grid = staged_grid({start, {2, 0, 1}}, {150, {100}, 1});
    CHECK(grid.size() == 150);
    for (const auto& [recipe, places] : grid) {
        CHECK(recipe.lists == start.lists);
        CHECK(places == std::vector<std::size_t>{2, 0, 1});
        CHECK(parse_recipe(recipe_json(recipe), "", "") == recipe);
    }
    const auto has = [&](GateMode mode) {
        return std::any_of(grid.begin(), grid.end(), [&](const auto& one) {
            return one.recipe.fusion.staged.gate_mode == mode;
        });
    };
    CHECK(has(GateMode::kMinMax));
    CHECK(has(GateMode::kAbsolute));
    CHECK(has(GateMode::kZScore));
}

}  // namespace
