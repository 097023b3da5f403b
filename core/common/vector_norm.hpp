/// The length (L2 norm) of a vector, and the tolerance for unit length.
#pragma once

#include <cmath>
#include <span>
#include <string_view>

namespace pmatch {

inline double vector_length(std::span<const float> vector) {
    double squares = 0;
    for (const float value : vector)
        squares += static_cast<double>(value) * value;
    return std::sqrt(squares);
}

/// `precision` is the model's precision, in which it normalises its vectors.
inline bool is_unit_length(double length, std::string_view precision) {
    return std::abs(length - 1) <= (precision == "fp32" ? 1e-4 : 2e-2);
}

}  // namespace pmatch
