#include "core/rerank/cholesky.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// Replaces the lower triangle by L with L · Lᵀ = matrix.
void decompose(std::vector<double>& matrix, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        double* row = matrix.data() + i * size;
        for (std::size_t j = 0; j <= i; ++j) {
            const double* other = matrix.data() + j * size;
            double sum = row[j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= row[k] * other[k];
            if (j < i) {
                row[j] = sum / other[j];
                continue;
            }
            if (!(sum > 0)) {
                throw Error{fmt::format("a matrix of {} rows is not positive definite: row {} "
                                        "leaves {}",
                                        size, i, sum),
                            {},
                            "draw the weights towards others more strongly"};
            }
            row[i] = std::sqrt(sum);
        }
    }
}

}  // namespace

std::vector<double> solve_symmetric(std::vector<double> matrix, std::span<const double> right) {
    const auto size = right.size();
    if (matrix.size() != size * size) {
        throw Error{fmt::format("a matrix of {} values for {} equations, wanted {}", matrix.size(),
                                size, size * size),
                    {},
                    "give a square matrix"};
    }
    decompose(matrix, size);
    std::vector<double> x(right.begin(), right.end());
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t k = 0; k < i; ++k)
            x[i] -= matrix[i * size + k] * x[k];
        x[i] /= matrix[i * size + i];
    }
    for (std::size_t i = size; i-- > 0;) {
        for (std::size_t k = i + 1; k < size; ++k)
            x[i] -= matrix[k * size + i] * x[k];
        x[i] /= matrix[i * size + i];
    }
    return x;
}

}  // namespace pmatch
