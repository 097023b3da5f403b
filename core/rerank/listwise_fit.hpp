/// Learns the weights of a linear model that chooses among the candidates of a query.
///
/// With p the softmax of a query's scores, the loss is the sum over the queries of -ln(sum of p
/// over the true candidates), plus (w - begin)ᵀ · prior · (w - begin) / 2: what draws the weights
/// to those they begin with (Cao et al., "Learning to rank: from pairwise approach to listwise
/// approach", ICML 2007, for one choice). Newton's method with the scores' covariance as curvature.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pmatch {

/// value → (value - mean) · factor; 0 for an absent one (NaN).
struct FitFeature {
    static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

    std::size_t column = kNoColumn;  ///< of the rows; kNoColumn: always absent
    double mean = 0;
    double factor = 1;
};

/// The candidates of a query. Both must outlive the fit.
struct FitQuery {
    std::span<const float> rows;  ///< row-major
    std::span<const char> right;  ///< one for each row: not 0 for a true one
};

struct FitData {
    std::size_t width = 0;  ///< values of a row
    std::vector<FitFeature> features;
    std::vector<FitQuery> queries;  ///< those without a true candidate, or without one, add nothing
};

/// Square, row-major, of as many rows as there are weights.
using FitMatrix = std::vector<double>;

/// The weights of least loss. `begin` has one for each feature, `prior` is positive definite.
std::vector<double> fit_listwise(const FitData& data, const std::vector<double>& begin,
                                 const FitMatrix& prior);

/// How much the queries tell about the weights, were the model right (Fisher's information): the
/// sum over all queries of the features' covariance under p. Needs no true candidates.
FitMatrix fisher_information(const FitData& data, const std::vector<double>& weights);

}  // namespace pmatch
