/// Small dense systems of equations.
#pragma once

#include <span>
#include <vector>

namespace pmatch {

/// x of matrix · x = right, by Cholesky's decomposition. `matrix` is symmetric and positive
/// definite, row-major, of right.size() rows; else Error. Time grows with the cube of the size:
/// 150 rows take a millisecond.
std::vector<double> solve_symmetric(std::vector<double> matrix, std::span<const double> right);

}  // namespace pmatch
