/// From a model package to a working encoder.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "core/encoders/load_options.hpp"

namespace pmatch {

/// Checks the package's files and loads them, once for each device. All have the same fingerprint.
/// Throws UsageError for an option that is not known or does not fit the device, Error for
/// anything wrong with the package.
std::vector<std::unique_ptr<Encoder>> load_encoders(const std::filesystem::path& package,
                                                    const LoadOptions& options = {});

/// The same on one device, the first that `options` name.
std::unique_ptr<Encoder> load_encoder(const std::filesystem::path& package,
                                      const LoadOptions& options = {});

/// The directory of a package: `name_or_path` itself when it holds a model.json, else that name
/// under $PMATCH_MODELS (default ~/.cache/pmatch/models). Throws Error when there is none.
std::filesystem::path find_package(std::string_view name_or_path);

}  // namespace pmatch
