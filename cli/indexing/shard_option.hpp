/// Reads `--shard`.
#pragma once

#include <functional>
#include <string>

#include "core/common/shard.hpp"

namespace pmatch {

/// "i/n", "auto" or "auto/n". "auto" asks the scheduler's variables:
///   Slurm array jobs: SLURM_ARRAY_TASK_ID, _MIN, _STEP and _COUNT
///   Kubernetes indexed jobs: JOB_COMPLETION_INDEX; these do not tell their number: "auto/n"
/// Throws UsageError if they are missing or out of range. `variable` is getenv(), or a test's.
Shard shard_option(const std::string& text,
                   const std::function<const char*(const char*)>& variable = {});

}  // namespace pmatch
