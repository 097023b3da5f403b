#include "models/torch/reduced_precision.hpp"

#include <torch/csrc/jit/passes/dead_code_elimination.h>

namespace pmatch {

std::size_t lower_precision(torch::jit::Module& frozen, Precision precision) {
    std::size_t rewritten = 0;
    switch (precision) {
        case Precision::kFp32:
            return 0;
        case Precision::kBf16:
            rewritten = lower_to_half(frozen, at::kBFloat16);
            break;
        case Precision::kFp16:
            rewritten = lower_to_half(frozen, at::kHalf);
            break;
        case Precision::kInt8:
            rewritten = lower_to_int8(frozen);
            break;
    }
    torch::jit::EliminateDeadCode(frozen.get_method("forward").graph());
    return rewritten;
}

}  // namespace pmatch
