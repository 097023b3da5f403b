/// What built-in descriptors and readers have in common: how `--model builtin:NAME` finds one, and
/// how it may be loaded.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoders/builtin.hpp"
#include "core/encoders/load_options.hpp"

namespace pmatch {

/// The only precision of what is built in.
inline constexpr const char* kBuiltinPrecision = "fp32";

/// Throws UsageError for a device other than the CPU and for another precision. `name` has the
/// prefix.
void check_builtin_load(const std::string& name, const LoadOptions& options);

/// The one that `word` names, with its prefix; nullptr if there is none.
template <typename Named>
const Named* find_builtin(const std::vector<Named>& all, std::string_view word) {
    const auto name = word.substr(kBuiltinPrefix.size());
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

/// "builtin:a, builtin:b".
template <typename Named>
std::string builtin_names(const std::vector<Named>& all) {
    std::string names;
    for (const auto& one : all)
        names += fmt::format("{}{}{}", names.empty() ? "" : ", ", kBuiltinPrefix, one.name);
    return names;
}

}  // namespace pmatch
