#include "models/runtime/precision.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"

namespace pmatch {

std::optional<Precision> precision_named(std::string_view name) {
    if (name == "auto") return std::nullopt;
    for (std::size_t i = 0; i < kPrecisionNames.size(); ++i) {
        if (name == kPrecisionNames[i]) return static_cast<Precision>(i);
    }
    throw UsageError{fmt::format("unknown precision '{}'", name),
                     "use auto, fp32, bf16, fp16 or int8"};
}

void check_precision(Precision precision, const Device& device) {
    if (precision == Precision::kFp16 && !device.cuda()) {
        throw UsageError{"precision fp16 needs a CUDA device, this run is on the CPU",
                         "use --device cuda, or --precision bf16, int8 or fp32"};
    }
    if (precision == Precision::kInt8 && device.cuda()) {
        throw UsageError{
            fmt::format("precision int8 is for the CPU, this run is on {}", device.name()),
            "use --device cpu, or --precision bf16 or fp16"};
    }
}

}  // namespace pmatch
