/// Solves small dense systems of linear equations.
#pragma once

#include <span>
#include <vector>

namespace pmatch {

/// Solves matrix · x = right by Cholesky decomposition. `matrix` is symmetric, positive definite,
/// row-major, with right.size() rows; throws Error otherwise. Cubic time: 150 rows take a
/// millisecond.
std::vector<double> solve_symmetric(std::vector<double> matrix, std::span<const double> right);

}  // namespace pmatch
