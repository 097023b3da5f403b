/// Lists on the command line.
#pragma once

#include <string>
#include <vector>

namespace pmatch::cli {

/// The parts of "gtin,mpn". For an option that is a list only sometimes; others take a vector.
std::vector<std::string> comma_list(const std::string& text);

}  // namespace pmatch::cli
