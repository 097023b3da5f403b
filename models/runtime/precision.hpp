/// Number formats of forward passes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/common/error.hpp"
#include "models/runtime/device.hpp"

namespace pmatch {

/// Weights are stored as fp32 and converted when a package is loaded. Lower precisions apply to
/// matrix products, convolutions and attention; sums, norms, pooling and L2 normalisation stay
/// fp32.
enum class Precision {
    kFp32,
    kBf16,
    kFp16,  ///< CUDA only
    kInt8   ///< linear layers only; CPU only
};

inline constexpr std::array<std::string_view, 4> kPrecisionNames{"fp32", "bf16", "fp16", "int8"};

/// "fp32", "bf16", "fp16" or "int8", as recorded in fingerprints and collections.
inline std::string_view name_of(Precision precision) {
    return kPrecisionNames.at(static_cast<std::size_t>(precision));
}

/// Empty for "auto". Throws UsageError for another word.
std::optional<Precision> precision_named(std::string_view name);

/// No operation of the module would change at a lower precision.
class NothingToLower : public UsageError {
public:
    using UsageError::UsageError;
};

/// Throws UsageError if this kind of device does not support the precision.
void check_precision(Precision precision, const Device& device);

}  // namespace pmatch
