/// Formats remedies as shell commands with their explanation.
#pragma once

#include <string>
#include <string_view>

#include "core/common/observer.hpp"
#include "core/common/remedy.hpp"

namespace pmatch::cli {

/// "pmatch build-index 'my shop' --space text"
std::string command_line(const Command& command);

/// Commands alone are joined by " && "; within text each is in backquotes.
std::string text_of(const Remedy& remedy);
/// The message, then the remedy.
std::string text_of(const Notice& notice);

}  // namespace pmatch::cli
