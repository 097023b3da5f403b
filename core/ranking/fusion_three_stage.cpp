/// Three stages over the scores of every item of the catalog:
///   n(list)   (raw - min) / (max - min + 1e-8) over the whole catalog, per query
///   1. keep   the best `keep` by the sum of keep_weight * n(list)
///   2. gate   those whose value in the gate's list is at least `at_least`: n(list) (minmax), the
///             raw score (absolute) or (raw - mean) / (sigma + 1e-8) over the catalog (zscore)
///   3. order  score = sum of order_weight * n(list)
/// With backfill, items rejected by the gate follow, their scores lowered by the sum of the order
/// weights, which puts them below all that passed. An item missing in a list has its lowest value;
/// missing in the gate's list it does not pass.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/ranking/fusion_methods.hpp"
#include "core/ranking/score_normaliser.hpp"

namespace pmatch {
namespace {

constexpr double kEpsilon = 1e-8;
constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();

/// raw[list][i] is the score of rows[i].
struct Matrix {
    std::vector<std::int64_t> rows;
    std::vector<std::vector<float>> raw;
    std::vector<std::vector<double>> normalised;
};

std::vector<std::int64_t> union_of_rows(std::span<const FusionList> lists) {
    std::vector<std::int64_t> rows;
    for (const auto& list : lists) {
        for (const auto& hit : list.hits)
            rows.push_back(hit.row);
        if (lists.size() > 1 && &list != lists.data()) {
            std::sort(rows.begin(), rows.end());
            rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        }
    }
    return rows;
}

Matrix matrix_of(std::span<const FusionList> lists) {
    Matrix matrix;
    matrix.rows = union_of_rows(lists);
    for (const auto& list : lists) {
        const auto [least, most] = extremes(list.hits);
        auto& raw = matrix.raw.emplace_back(matrix.rows.size(), kAbsent);
        auto& normalised = matrix.normalised.emplace_back(matrix.rows.size(), 0.0);
        std::size_t at = 0;
        for (const auto& hit : list.hits) {
            while (matrix.rows[at] != hit.row)
                ++at;
            raw[at] = hit.score;
            normalised[at] = (hit.score - least) / (most - least + kEpsilon);
        }
    }
    return matrix;
}

double weighted(const Matrix& matrix, const std::vector<double>& weights, std::size_t at) {
    double sum = 0;
    for (std::size_t list = 0; list < weights.size(); ++list)
        sum += weights[list] * matrix.normalised[list][at];
    return sum;
}

/// The best by the first stage; ties by ascending row.
std::vector<std::size_t> keep_best(const Matrix& matrix, const StagedOptions& options) {
    std::vector<double> scores(matrix.rows.size());
    for (std::size_t at = 0; at < scores.size(); ++at)
        scores[at] = weighted(matrix, options.keep_weights, at);
    std::vector<std::size_t> kept(scores.size());
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    const auto wanted = std::min(options.keep, kept.size());
    std::partial_sort(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(wanted), kept.end(),
                      [&](std::size_t a, std::size_t b) {
                          return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
    kept.resize(wanted);
    return kept;
}

double gate_value(const Matrix& matrix, const StagedOptions& options, const Scale& scale,
                  std::size_t at) {
    const double raw = matrix.raw[options.gate_list][at];
    switch (options.gate_mode) {
        case GateMode::kAbsolute:
            return raw;
        case GateMode::kZScore:
            return (raw - scale.shift) / (scale.scale + kEpsilon);
        case GateMode::kMinMax:
            break;
    }
    return std::isnan(raw) ? raw : matrix.normalised[options.gate_list][at];
}

RankedItem explained(const Matrix& matrix, const StagedOptions& options, std::size_t at) {
    RankedItem item;
    item.row = matrix.rows[at];
    item.score = weighted(matrix, options.order_weights, at);
    for (std::size_t list = 0; list < matrix.raw.size(); ++list) {
        const float raw = matrix.raw[list][at];
        const double value = matrix.normalised[list][at];
        item.parts.push_back({!std::isnan(raw), 0, std::isnan(raw) ? 0 : raw, value,
                              options.order_weights[list] * value});
    }
    return item;
}

}  // namespace

std::vector<RankedItem> fuse_three_stage(std::span<const FusionList> lists,
                                         const FusionOptions& all_options) {
    const auto& options = all_options.staged;
    const auto matrix = matrix_of(lists);
    const auto scale = z_score(lists[options.gate_list].hits);
    const double below =
        std::accumulate(options.order_weights.begin(), options.order_weights.end(), 0.0);
    std::vector<RankedItem> items;
    for (const auto at : keep_best(matrix, options)) {
        const double value = gate_value(matrix, options, scale, at);
        const bool passed = value >= options.at_least;  // false for NaN
        if (!passed && !options.backfill) continue;
        auto item = explained(matrix, options, at);
        item.gate = passed ? GateVerdict::kPassed : GateVerdict::kStopped;
        item.gate_value = value;
        if (!passed) item.score -= below;
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace pmatch
