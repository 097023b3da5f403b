#include "cli/terminal/comma_list.hpp"

#include <sstream>

namespace pmatch::cli {

std::vector<std::string> comma_list(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream input(text);
    for (std::string part; std::getline(input, part, ',');)
        parts.push_back(part);
    return parts;
}

}  // namespace pmatch::cli
