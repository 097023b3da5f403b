#include "core/tuning/recipe_grid.hpp"

#include <algorithm>
#include <cmath>

#include "core/tuning/quasirandom.hpp"

namespace pmatch {
namespace {

constexpr double kRrfSmall = 10;
constexpr std::size_t kMostListsForPairs = 8;
constexpr double kAbsentShare = 0.3;  ///< fraction of the sampled weights that are 0
constexpr double kLargestWeight = 4;  ///< the smallest is its reciprocal

using Weights = std::vector<double>;  ///< of all lists; 0 = unused

/// 0.25 to 4, log-uniform, rounded to two digits; or 0.
double drawn_weight(double u) {
    if (u < kAbsentShare) return 0;
    const double exponent = (u - kAbsentShare) / (1 - kAbsentShare) * 2 - 1;
    return std::round(std::pow(kLargestWeight, exponent) * 100) / 100;
}

FusionOptions fusion(const char* method, int depth, Normaliser normalise = Normaliser::kMinMax) {
    FusionOptions options;
    options.method = method;
    options.depth = depth;
    options.normalise = normalise;
    return options;
}

FusionOptions rrf(double k, int depth) {
    auto options = fusion("rrf", depth);
    options.k = k;
    return options;
}

std::vector<FusionOptions> all_fusions_at(int depth) {
    return {fusion("wsum", depth), fusion("wsum", depth, Normaliser::kZScore),
            rrf(60, depth),        rrf(kRrfSmall, depth),
            fusion("dbsf", depth), fusion("combmnz", depth),
            fusion("borda", depth)};
}

class Grid {
public:
    Grid(const std::vector<ListSpec>& lists, const GridOptions& options)
        : lists_(lists), options_(options) {}

    void add(const Weights& weights, const FusionOptions& fusion) {
        GridRecipe one;
        for (std::size_t i = 0; i < lists_.size(); ++i) {
            if (weights[i] == 0) continue;
            auto& list = one.recipe.lists.emplace_back(lists_[i]);
            list.weight = weights[i];
            list.required = false;
            list.exact = false;
            one.lists.push_back(i);
        }
        const bool several = one.lists.size() > 1;
        if (one.lists.empty() || several != (fusion.method != "none")) return;
        one.recipe.fusion = fusion;
        const auto same = [&](const GridRecipe& other) { return other.recipe == one.recipe; };
        if (std::none_of(recipes_.begin(), recipes_.end(), same))
            recipes_.push_back(std::move(one));
    }

    void add_singles() {
        for (std::size_t i = 0; i < lists_.size(); ++i)
            add(only({i}), FusionOptions());
    }

    void add_plain() {
        const Weights all(lists_.size(), 1);
        for (const int depth : options_.depths) {
            for (const auto& one : all_fusions_at(depth))
                add(all, one);
        }
        const int depth = options_.depths.front();
        if (lists_.size() <= kMostListsForPairs) add_pairs(depth);
        for (std::size_t i = 0; i < lists_.size(); ++i) {
            auto weights = all;
            weights[i] = 0;
            add(weights, fusion("wsum", depth));
            add(weights, rrf(60, depth));
            weights[i] = 2;
            add(weights, fusion("wsum", depth));
        }
    }

    void add_spread() {
        QuasirandomSequence spread(lists_.size() + 2, options_.seed);
        // With few lists many samples are duplicates.
        for (std::size_t round = 0; round < 20 * options_.recipes && !full(); ++round) {
            const auto point = spread.next();
            Weights weights;
            for (std::size_t i = 0; i < lists_.size(); ++i)
                weights.push_back(drawn_weight(point[i]));
            const auto depth = options_.depths[pick(point[lists_.size()], options_.depths.size())];
            auto kinds = all_fusions_at(depth);
            // Weights matter most for sums of scores.
            for (int more = 0; more < 4; ++more)
                kinds.push_back(kinds[static_cast<std::size_t>(more) % 2]);
            add(weights, kinds[pick(point[lists_.size() + 1], kinds.size())]);
        }
    }

    bool full() const { return recipes_.size() >= options_.recipes; }
    std::vector<GridRecipe> take() {
        recipes_.resize(std::min(recipes_.size(), std::max(options_.recipes, lists_.size())));
        return std::move(recipes_);
    }

private:
    Weights only(const std::vector<std::size_t>& which) const {
        Weights weights(lists_.size());
        for (const auto i : which)
            weights[i] = 1;
        return weights;
    }

    void add_pairs(int depth) {
        for (std::size_t i = 0; i < lists_.size(); ++i) {
            for (std::size_t j = i + 1; j < lists_.size(); ++j) {
                for (const auto& [first, second] : {std::pair{1, 1}, {1, 2}, {2, 1}}) {
                    Weights weights(lists_.size());
                    weights[i] = first;
                    weights[j] = second;
                    add(weights, fusion("wsum", depth));
                }
            }
        }
    }

    const std::vector<ListSpec>& lists_;
    const GridOptions& options_;
    std::vector<GridRecipe> recipes_;
};

}  // namespace

std::vector<GridRecipe> recipe_grid(const std::vector<ListSpec>& lists,
                                    const GridOptions& options) {
    Grid grid(lists, options);
    grid.add_singles();
    if (lists.size() > 1) {
        grid.add_plain();
        grid.add_spread();
    }
    return grid.take();
}

}  // namespace pmatch
