/// Internal to data/: exhausted system resources are not the fault of the current file.
#pragma once

#include <cerrno>
#include <filesystem>
#include <string>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"

namespace pmatch::detail {

/// Throws SystemError if `code` (an errno) means that descriptors or memory are exhausted: such a
/// picture must not be recorded in the ledger.
inline void throw_if_out_of_resources(int code, const std::filesystem::path& file) {
    if (code != EMFILE && code != ENFILE && code != ENOMEM) return;
    throw SystemError{"cannot open the file: " + system_reason(code), file.string(),
                      code == ENOMEM
                          ? "run on a machine with more memory"
                          : "raise the limit of open files (ulimit -n), then run it again"};
}

}  // namespace pmatch::detail
