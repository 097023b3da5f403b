/// Replays a package's golden examples on this machine.
#pragma once

#include <filesystem>
#include <functional>
#include <variant>
#include <vector>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"
#include "core/encoders/encoder.hpp"
#include "models/encoder/golden_comparison.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// Who decodes pictures is the caller's choice.
using DecodePicture = std::function<std::variant<Image, Problem>(const std::filesystem::path&)>;

/// Every stage of every example. Each stage starts from what the reference made of the one before
/// where the package holds that; the vector comes from the whole way on this machine. Throws Error
/// when a file of the package is missing or not as recorded.
std::vector<StageReport> verify_package(const Package& package, Encoder& encoder,
                                        const DecodePicture& decode);

}  // namespace pmatch
