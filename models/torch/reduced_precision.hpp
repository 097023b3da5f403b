/// Rewrites a frozen TorchScript module so that its heavy steps compute with smaller numbers.
/// Only for files that see torch's headers.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstddef>

#include "models/runtime/precision.hpp"

namespace pmatch {

/// bf16 and fp16: linear layers, convolutions and attention, with weights converted once.
/// int8: linear layers with constant weights, quantised per output channel, and inputs per row,
/// but for those that make the values of attention.
/// All else goes on in fp32. Returns how many steps were rewritten. The module must be frozen and
/// not have run yet.
std::size_t lower_precision(torch::jit::Module& frozen, Precision precision);

/// The parts of it: lower_to_half.cpp and lower_to_int8.cpp.
std::size_t lower_to_half(torch::jit::Module& frozen, at::ScalarType type);
std::size_t lower_to_int8(torch::jit::Module& frozen);

}  // namespace pmatch
