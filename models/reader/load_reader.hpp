/// Loads a reader of words from a model package.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/encoders/caption_settings.hpp"
#include "core/encoders/captioner.hpp"

namespace pmatch {

/// SHA-256 of everything that determines what is read at this precision.
std::string reading_fingerprint(const std::filesystem::path& package, const std::string& precision);

/// Verifies and loads the package's files. Throws UsageError for an option that is unknown or does
/// not fit, Error for any problem with the package.
std::unique_ptr<Captioner> load_reader(const std::filesystem::path& package,
                                       const LoadOptions& options = {});

}  // namespace pmatch
