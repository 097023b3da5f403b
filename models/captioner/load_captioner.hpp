/// From a model package to a working captioner.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "core/encoders/captioner.hpp"
#include "models/encoder/load_encoder.hpp"

namespace pmatch {

/// What decides a caption beside the package and the picture.
struct CaptionSettings {
    std::string prompt;             ///< empty: the package's
    int max_tokens = 0;             ///< of a caption; 0: the package's
    std::string view = "anyres";    ///< anyres: all of it and tiles; single: squashed into one view
    double repetition_penalty = 0;  ///< 1 = none; 0: the package's
};

struct CaptionerOptions {
    LoadOptions load;  ///< `device` must mean one
    CaptionSettings settings;
    int batch = 8;               ///< captions written at a time
    int cache_megabytes = 2048;  ///< for their keys and values; bounds the batch
};

/// The settings with the package's own values where they leave it open. Throws UsageError for a
/// value that cannot be.
CaptionSettings complete_settings(const std::filesystem::path& package,
                                  const CaptionSettings& settings);

/// SHA-256 over all that decides a caption made at this precision; `settings` may be incomplete.
std::string caption_fingerprint(const std::filesystem::path& package,
                                const CaptionSettings& settings, const std::string& precision);

/// Checks the package's files and loads them. Throws UsageError for an option that is not known or
/// does not fit, Error for anything wrong with the package.
std::unique_ptr<Captioner> load_captioner(const std::filesystem::path& package,
                                          const CaptionerOptions& options = {});

}  // namespace pmatch
