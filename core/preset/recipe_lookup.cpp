#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/common/error.hpp"
#include "core/preset/preset.hpp"
#include "core/preset/recipe_json.hpp"
#include "core/preset/shipped_presets.hpp"

namespace pmatch {
namespace {

constexpr std::uintmax_t kLargestFile = 1U << 20U;

bool looks_like_a_path(const std::string& name) {
    return name.find('/') != std::string::npos || name.ends_with(".json") ||
           name.ends_with(".jsonc");
}

Recipe read_recipe(const std::string& file) {
    std::error_code failed;
    const bool regular = std::filesystem::is_regular_file(file, failed);
    const auto size = regular ? std::filesystem::file_size(file, failed) : 0;
    if (!regular || failed || size > kLargestFile) {
        throw UsageError{fmt::format("'{}' is no preset file: it is missing, not a file, or larger "
                                     "than 1 MiB",
                                     file),
                         "`pmatch presets` lists the presets; `pmatch presets show NAME > FILE` "
                         "begins one of your own"};
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return parse_recipe(text, file, file);
}

}  // namespace

std::optional<Recipe> find_recipe(const std::string& name_or_file) {
    if (looks_like_a_path(name_or_file)) return read_recipe(name_or_file);
    for (const auto& [name, text] : shipped_presets()) {
        if (name == name_or_file) return parse_recipe(text, name_or_file, name_or_file);
    }
    return std::nullopt;
}

}  // namespace pmatch
