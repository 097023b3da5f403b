/// What a model package is, for people.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/package/package.hpp"

namespace pmatch {

/// Lines of a label and a text. Throws Error when a package that writes captions cannot be read.
std::vector<std::pair<std::string, std::string>> words_of(const Package& package);

/// The most that vectors of this precision lose, as far as the package records it.
std::string loss_phrase(const Package& package, const std::string& precision);

}  // namespace pmatch
