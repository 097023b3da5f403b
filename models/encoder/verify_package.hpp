/// Recomputes a package's golden examples on this machine.
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

/// Supplied by the caller.
using DecodePicture = std::function<std::variant<Image, Problem>(const std::filesystem::path&)>;

/// Checks every stage of every example. A stage starts from the reference's result of the previous
/// one if the package contains it; vectors are computed end to end on this machine. Throws Error if
/// a file of the package is missing or not as recorded.
std::vector<StageReport> verify_package(const Package& package, Encoder& encoder,
                                        const DecodePicture& decode);

}  // namespace pmatch
