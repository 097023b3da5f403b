/// Internal to data/: a system that has run out of something says nothing about the file at hand.
#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "core/common/error.hpp"

namespace pmatch::detail {

/// Throws Error when `code` (an errno) means that descriptors or memory have run out: a picture
/// must not go into the ledger for that.
inline void throw_if_out_of_resources(int code, const std::filesystem::path& file) {
    if (code != EMFILE && code != ENFILE && code != ENOMEM) return;
    throw Error{std::string("cannot open the file: ") + std::strerror(code), file.string(),
                code == ENOMEM ? "run on a machine with more memory"
                               : "raise the limit of open files (ulimit -n), then run it again"};
}

}  // namespace pmatch::detail
