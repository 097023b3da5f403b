/// How a captioner is loaded and what decides its captions.
#pragma once

#include <string>

#include "core/encoders/load_options.hpp"

namespace pmatch {

/// What determines a caption besides the model and the picture.
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

}  // namespace pmatch
