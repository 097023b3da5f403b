/// Trains a linear model that ranks the candidates of a query (listwise loss).
///
/// With p the softmax of a query's scores, the loss is the sum over queries of -ln(sum of p over
/// the true candidates), plus the regularisation (w - begin)ᵀ · prior · (w - begin) / 2, which
/// draws the weights towards their initial values (Cao et al., "Learning to rank: from pairwise
/// approach to listwise approach", ICML 2007, top-one case). Newton's method with the covariance of
/// the features as Hessian.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pmatch {

/// value → (value - mean) · factor; 0 for missing values (NaN).
struct FitFeature {
    static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

    std::size_t column = kNoColumn;  ///< index in the rows; kNoColumn: always missing
    double mean = 0;
    double factor = 1;
};

/// The candidates of a query. Both spans must outlive the fit.
struct FitQuery {
    std::span<const float> rows;  ///< row-major
    std::span<const char> right;  ///< one per row: nonzero for true candidates
};

struct FitData {
    std::size_t width = 0;  ///< columns per row
    std::vector<FitFeature> features;
    std::vector<FitQuery> queries;  ///< queries with no true or no false candidate have no effect
};

/// Square, row-major; one row per weight.
using FitMatrix = std::vector<double>;

/// The weights with the least loss. `begin` has one per feature, `prior` is positive definite.
std::vector<double> fit_listwise(const FitData& data, const std::vector<double>& begin,
                                 const FitMatrix& prior);

/// Fisher information of the weights: the sum over all queries of the features' covariance under p.
/// Needs no labels.
FitMatrix fisher_information(const FitData& data, const std::vector<double>& weights);

}  // namespace pmatch
