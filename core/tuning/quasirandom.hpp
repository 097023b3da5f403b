/// Quasirandom points that fill a cube evenly, the same on every machine.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/common/random.hpp"

namespace pmatch {

/// Roberts' R_d ("The unreasonable effectiveness of quasirandom sequences", 2018): each coordinate
/// advances by a power of the root of x^(d+1) = x + 1, modulo 1; the first point is random.
class QuasirandomSequence {
public:
    QuasirandomSequence(std::size_t dimensions, std::uint64_t seed) {
        double root = 2;
        for (int i = 0; i < 60; ++i)
            root = std::pow(1 + root, 1 / static_cast<double>(dimensions + 1));
        SplitMix64 random(seed);
        double step = 1;
        for (std::size_t i = 0; i < dimensions; ++i) {
            step /= root;
            steps_.push_back(step);
            point_.push_back(static_cast<double>(random.next() >> 11U) * 0x1p-53);
        }
    }

    /// Coordinates in [0, 1).
    const std::vector<double>& next() {
        for (std::size_t i = 0; i < point_.size(); ++i) {
            point_[i] += steps_[i];
            if (point_[i] >= 1) point_[i] -= 1;
        }
        return point_;
    }

private:
    std::vector<double> steps_;
    std::vector<double> point_;
};

/// Maps a coordinate to one of `count` choices.
inline std::size_t pick(double coordinate, std::size_t count) {
    return static_cast<std::size_t>(coordinate * static_cast<double>(count));
}

}  // namespace pmatch
