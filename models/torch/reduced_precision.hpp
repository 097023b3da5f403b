/// Rewrites a frozen TorchScript module so that its expensive operations use a lower precision.
/// Only for files that include torch's headers.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstddef>

#include "models/runtime/precision.hpp"

namespace pmatch {

/// bf16 and fp16: linear layers, convolutions and attention, with weights converted once. int8:
/// linear layers with constant weights, quantised per output channel, and inputs per row, except
/// those that compute the values of attention. Everything else stays fp32. Returns the number of
/// rewritten operations. The module must be frozen and must not have run yet.
std::size_t lower_precision(torch::jit::Module& frozen, Precision precision);

/// Its parts: reduce_to_half.cpp and reduce_to_int8.cpp.
std::size_t lower_to_half(torch::jit::Module& frozen, at::ScalarType type);
std::size_t lower_to_int8(torch::jit::Module& frozen);

}  // namespace pmatch
