/// The named character references of HTML.
#pragma once

#include <string_view>

namespace pmatch {

/// The characters (UTF-8) that "&name;" stands for; empty if there is no such name.
std::string_view html_entity(std::string_view name);

}  // namespace pmatch
