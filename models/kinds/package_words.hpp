/// Describes a model package for people.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/package/package.hpp"

namespace pmatch {

/// Pairs of label and text. Throws Error if a package that writes texts cannot be read.
std::vector<std::pair<std::string, std::string>> words_of(const Package& package);

/// The largest loss of vectors at this precision, if recorded in the package.
std::string loss_phrase(const Package& package, const std::string& precision);

}  // namespace pmatch
