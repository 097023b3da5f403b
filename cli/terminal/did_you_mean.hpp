/// What a mistyped word may have been meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pmatch::cli {

/// "; did you mean 'known'?" for the known word that is the fewest edits away (insertions,
/// deletions, replacements, neighbours swapped), a third of the word's letters at most; else "".
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace pmatch::cli
