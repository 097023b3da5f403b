/// Commands as they are typed into a shell, and what is said around them.
#pragma once

#include <string>
#include <string_view>

#include "core/common/observer.hpp"
#include "core/common/remedy.hpp"

namespace pmatch::cli {

/// "pmatch build-index 'my shop' --space text"
std::string command_line(const Command& command);

/// Commands alone are joined by " && "; among words each is in backquotes.
std::string text_of(const Remedy& remedy);
/// What the notice says, then what to do.
std::string text_of(const Notice& notice);

}  // namespace pmatch::cli
