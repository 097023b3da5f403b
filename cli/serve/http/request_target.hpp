/// Path and query of a request's first line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch::cli {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct RequestTarget {
    std::vector<std::string> path;  ///< decoded segments: "/items/a%2Fb" is {"items", "a/b"}
    Parameters query;               ///< decoded, in their order

    /// Empty for a missing parameter.
    const std::string* parameter(std::string_view name) const {
        for (const auto& [key, value] : query) {
            if (key == name) return &value;
        }
        return nullptr;
    }
};

/// Throws BadRequest for escapes that are none and for what is not UTF-8 or has a NUL.
RequestTarget parse_target(std::string_view target);

/// `plus`: a plus stands for a blank, as in queries. Empty if an escape is malformed.
std::optional<std::string> percent_decoded(std::string_view text, bool plus);

}  // namespace pmatch::cli
