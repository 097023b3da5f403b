/// Implements `pmatch model inspect` and `pmatch model verify`.
#pragma once

#include <string>

#include "cli/terminal/job.hpp"

namespace pmatch::cli {

/// After printing, throws Error for the first file that differs from model.json's record.
ExitCode inspect_model(const std::string& package, Context& context);

struct VerifyModelOptions {
    std::string package;
    std::string device = "auto";
    std::string precision = "fp32";
};

/// Prints one row per stage; throws Error naming the first that differs.
ExitCode verify_model(const VerifyModelOptions& options, Context& context);

}  // namespace pmatch::cli
