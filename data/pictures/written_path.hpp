/// The ways in which shops write the path of a picture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// What may be meant beside the text itself, likeliest first: slashes for backslashes, the text
/// without `?…` or `#…`, with %20 and the like decoded, without leading slashes. Empty for plain
/// relative paths.
std::vector<std::string> other_spellings(std::string_view written);

/// The parts of a list that is separated by commas or semicolons, if all of them are named like
/// pictures; else the text alone.
std::vector<std::string> parts_of_list(std::string_view written);

}  // namespace pmatch
