/// Internal to core: the objects of a preset file, and what is wrong with them.
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

/// `path`: where in the file the object stands, "lists[0]" say; empty for the whole.
inline JsonFields recipe_fields(const nlohmann::json& json, const std::string& path,
                                const std::string& file) {
    return {json, path, file, kMendRecipe, JsonFields::Voice::kPerson};
}

}  // namespace pmatch
