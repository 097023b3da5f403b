/// Rewrites a frozen TorchScript module so that linear layers keep their weights in the layout of
/// oneDNN's kernels: MKL packs them anew at every call, which for a short text is half of the time.
/// Only for files that include torch's headers.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstddef>

namespace pmatch {

/// Linear layers with constant weights, fp32 or bf16, together with a GELU that follows. Vectors
/// change in their last bits. The module must be frozen, on the CPU, and must not have run yet.
/// Returns the number of layers; 0 where torch lacks oneDNN or this CPU its kernels.
std::size_t pack_linear_layers(torch::jit::Module& frozen);

}  // namespace pmatch
