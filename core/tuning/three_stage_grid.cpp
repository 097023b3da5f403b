#include <algorithm>
#include <array>
#include <cmath>

#include "core/tuning/quasirandom.hpp"
#include "core/tuning/recipe_grid.hpp"

namespace pmatch {
namespace {

struct GateBound {
    GateMode mode;
    double at_least;
};

/// Starting with "all pass".
constexpr std::array<GateBound, 17> kGates{{{GateMode::kMinMax, 0},
                                            {GateMode::kMinMax, 0.15},
                                            {GateMode::kMinMax, 0.25},
                                            {GateMode::kMinMax, 0.4},
                                            {GateMode::kMinMax, 0.55},
                                            {GateMode::kMinMax, 0.7},
                                            {GateMode::kZScore, -1},
                                            {GateMode::kZScore, 0},
                                            {GateMode::kZScore, 1},
                                            {GateMode::kZScore, 2},
                                            {GateMode::kZScore, 3},
                                            {GateMode::kAbsolute, 0.1},
                                            {GateMode::kAbsolute, 0.15},
                                            {GateMode::kAbsolute, 0.2},
                                            {GateMode::kAbsolute, 0.25},
                                            {GateMode::kAbsolute, 0.35},
                                            {GateMode::kAbsolute, 0.5}}};
constexpr std::array<std::size_t, 5> kKept{30, 50, 100, 200, 500};

/// Weights in steps of 0.05 from the point's coordinates; at least one is 1.
std::vector<double> weights_at(const std::vector<double>& point, std::size_t from,
                               std::size_t count) {
    std::vector<double> weights;
    for (std::size_t i = 0; i < count; ++i)
        weights.push_back(std::round(point[from + i] * 20) / 20);
    if (std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; }))
        weights.front() = 1;
    return weights;
}

class StagedGrid {
public:
    explicit StagedGrid(const GridRecipe& start) : start_(start) {
        start_.recipe.name.clear();
        start_.recipe.description.clear();
        start_.recipe.min_score.reset();
    }

    StagedOptions begin() const { return start_.recipe.fusion.staged; }

    void add(const StagedOptions& staged) {
        auto one = start_;
        one.recipe.fusion.staged = staged;
        const auto same = [&](const GridRecipe& other) { return other.recipe == one.recipe; };
        if (std::none_of(recipes_.begin(), recipes_.end(), same))
            recipes_.push_back(std::move(one));
    }

    /// Variations of a single parameter.
    void add_plain() {
        for (const auto& [mode, at_least] : kGates) {
            auto staged = begin();
            staged.gate_mode = mode;
            staged.at_least = at_least;
            add(staged);
        }
        for (const auto kept : kKept) {
            auto staged = begin();
            staged.keep = kept;
            add(staged);
        }
        auto staged = begin();
        staged.backfill = !staged.backfill;
        add(staged);
    }

    void add_spread(const GridOptions& options) {
        const auto lists = start_.lists.size();
        QuasirandomSequence spread(2 * lists + 3, options.seed);
        for (std::size_t round = 0; round < 20 * options.recipes; ++round) {
            if (recipes_.size() >= options.recipes) return;
            const auto point = spread.next();
            auto staged = begin();
            staged.keep_weights = weights_at(point, 0, lists);
            staged.order_weights = weights_at(point, lists, lists);
            const auto& gate = kGates[pick(point[2 * lists], kGates.size())];
            staged.gate_mode = gate.mode;
            staged.at_least = gate.at_least;
            staged.keep = kKept[pick(point[2 * lists + 1], kKept.size())];
            staged.backfill = point[2 * lists + 2] < 0.5;
            add(staged);
        }
    }

    std::vector<GridRecipe> take() { return std::move(recipes_); }

private:
    GridRecipe start_;
    std::vector<GridRecipe> recipes_;
};

}  // namespace

std::vector<GridRecipe> staged_grid(const GridRecipe& start, const GridOptions& options) {
    StagedGrid grid(start);
    grid.add_plain();
    grid.add_spread(options);
    return grid.take();
}

}  // namespace pmatch
