/// Which numbers a forward pass computes with.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/common/error.hpp"
#include "models/runtime/device.hpp"

namespace pmatch {

/// Weights are stored as fp32 and converted when a package is loaded. Below fp32 the matrix
/// products, convolutions and attention use the smaller numbers; sums, norms, pooling and the
/// scaling to unit length stay fp32.
enum class Precision {
    kFp32,
    kBf16,
    kFp16,  ///< CUDA only
    kInt8   ///< linear layers only; CPU only
};

inline constexpr std::array<std::string_view, 4> kPrecisionNames{"fp32", "bf16", "fp16", "int8"};

/// "fp32", "bf16", "fp16" or "int8": what fingerprints and collections record.
inline std::string_view name_of(Precision precision) {
    return kPrecisionNames.at(static_cast<std::size_t>(precision));
}

/// Nothing for "auto". Throws UsageError for another word.
std::optional<Precision> precision_named(std::string_view name);

/// A module has no step that a smaller precision would change.
class NothingToLower : public UsageError {
public:
    using UsageError::UsageError;
};

/// Throws UsageError when this kind of device cannot compute so.
void check_precision(Precision precision, const Device& device);

}  // namespace pmatch
