/// Random numbers that are reproducible on every machine, unlike the standard library's
/// distributions.
#pragma once

#include <cstdint>

namespace pmatch {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
/// For resampling and shuffling, not for secrets.
class SplitMix64 {
public:
    explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    /// Uniform in 0..count - 1, up to a bias of 2^-32 * count; count is 1 or more.
    std::uint32_t below(std::uint32_t count) {
        return static_cast<std::uint32_t>(((next() >> 32U) * count) >> 32U);
    }

private:
    std::uint64_t state_;
};

}  // namespace pmatch
