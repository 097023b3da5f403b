/// Loads a captioner from a model package.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "core/encoders/caption_settings.hpp"
#include "core/encoders/captioner.hpp"
#include "models/encoder/load_encoder.hpp"

namespace pmatch {

/// Fills unset settings with the package's values. Throws UsageError for invalid values.
CaptionSettings complete_settings(const std::filesystem::path& package,
                                  const CaptionSettings& settings);

/// SHA-256 of everything that determines a caption at this precision; `settings` may be incomplete.
std::string caption_fingerprint(const std::filesystem::path& package,
                                const CaptionSettings& settings, const std::string& precision);

/// Verifies and loads the package's files. Throws UsageError for an option that is unknown or does
/// not fit, Error for any problem with the package.
std::unique_ptr<Captioner> load_captioner(const std::filesystem::path& package,
                                          const CaptionerOptions& options = {});

}  // namespace pmatch
