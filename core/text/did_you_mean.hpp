/// Suggestions for mistyped words.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pmatch {

/// "; did you mean 'known'?" with the closest known word by edit distance (insertions, deletions,
/// substitutions, transpositions), if it is at most a third of the word's length; else "".
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace pmatch
