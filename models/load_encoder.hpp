/// From a model package to a working encoder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/encoder.hpp"

namespace pmatch {

struct LoadOptions {
    std::string device = "auto";     ///< auto, cpu or cuda; "auto" takes CUDA where torch has it
    std::string precision = "auto";  ///< auto or fp32
    int threads = 0;                 ///< for the forward passes; 0 = all cores
};

/// Checks the package's files and loads them. Throws UsageError for an option that is not known,
/// Error for anything wrong with the package.
std::unique_ptr<Encoder> load_encoder(const std::filesystem::path& package,
                                      const LoadOptions& options = {});

/// The directory of a package: `name_or_path` itself when it holds a model.json, else that name
/// under $PMATCH_MODELS (default ~/.cache/pmatch/models). Throws Error when there is none.
std::filesystem::path find_package(std::string_view name_or_path);

}  // namespace pmatch
