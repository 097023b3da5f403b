/// Loads a captioner from a model package.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "core/encoders/captioner.hpp"
#include "models/encoder/load_encoder.hpp"

namespace pmatch {

/// What determines a caption besides the package and the picture.
struct CaptionSettings {
    std::string prompt;             ///< empty: the package's
    int max_tokens = 0;             ///< of a caption; 0: the package's
    std::string view = "anyres";    ///< anyres: whole picture plus tiles; single: one view
    double repetition_penalty = 0;  ///< 1 = none; 0: the package's
};

struct CaptionerOptions {
    LoadOptions load;  ///< `device` must denote a single device
    CaptionSettings settings;
    int batch = 8;               ///< captions generated at a time
    int cache_megabytes = 2048;  ///< for their keys and values; limits the batch
};

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
