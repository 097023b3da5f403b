/// Inputs from a fixed seed, for comparing devices where no data is at hand.
#pragma once

#include <cstddef>
#include <vector>

#include "core/encoders/encoder.hpp"

namespace pmatch::test {

/// Pictures of noise and edges when the encoder takes pictures, else texts of 1 to 60 words, in
/// ascending order of their tokens as `pmatch embed` has them.
std::vector<Prepared> made_up_inputs(const Encoder& encoder, std::size_t count);

}  // namespace pmatch::test
