/// Loads encoders from a model package.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "core/encoders/load_options.hpp"

namespace pmatch {

/// Verifies and loads the package's files, once per device. All encoders have the same fingerprint.
/// Throws UsageError for an option that is unknown or does not fit the device, Error for any
/// problem with the package.
std::vector<std::unique_ptr<Encoder>> load_encoders(const std::filesystem::path& package,
                                                    const LoadOptions& options = {});

/// The same for one device, the first in `options`.
std::unique_ptr<Encoder> load_encoder(const std::filesystem::path& package,
                                      const LoadOptions& options = {});

/// The directory of a package: `name_or_path` itself if it contains a model.json, else that name
/// under $PMATCH_MODELS (default ~/.cache/pmatch/models). Throws Error if not found.
std::filesystem::path find_package(std::string_view name_or_path);

}  // namespace pmatch
