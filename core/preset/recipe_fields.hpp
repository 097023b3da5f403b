/// Internal to core: error reporting for the objects of a preset file.
#pragma once

#include <string>

#include "core/common/error.hpp"
#include "core/text/json_fields.hpp"

namespace pmatch {

inline constexpr const char* kMendRecipe =
    "mend the file; `pmatch presets show hybrid` prints a good one";

[[noreturn]] inline void refuse(const std::string& file, const std::string& what) {
    throw Error{what, file, kMendRecipe};
}

/// `path`: location of the object in the file, for example "lists[0]"; empty for the top level.
inline JsonFields recipe_fields(const nlohmann::json& json, const std::string& path,
                                const std::string& file) {
    return {json, path, file, kMendRecipe, JsonFields::Voice::kPerson};
}

}  // namespace pmatch
