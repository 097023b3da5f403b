/// The words for an errno in messages.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

namespace pmatch {

/// Memory that runs out has the same words in every message, so that scripts can tell it.
inline std::string system_reason(int code) {
    return code == ENOMEM ? "not enough memory" : std::strerror(code);
}

}  // namespace pmatch
