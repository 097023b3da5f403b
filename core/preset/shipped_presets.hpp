/// The presets that come with pmatch: the files of presets/, embedded when it is built.
#pragma once

#include <span>
#include <string_view>

namespace pmatch {

struct ShippedPreset {
    std::string_view name;
    std::string_view text;  ///< as in the file, with its comments
};

/// In the order of their listing in core/CMakeLists.txt.
std::span<const ShippedPreset> shipped_presets();

}  // namespace pmatch
