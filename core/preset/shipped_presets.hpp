/// The presets shipped with pmatch: the files of presets/, embedded at build time.
#pragma once

#include <span>
#include <string_view>

namespace pmatch {

struct ShippedPreset {
    std::string_view name;
    std::string_view text;  ///< the file's content, including comments
};

/// In the order of their listing in core/CMakeLists.txt.
std::span<const ShippedPreset> shipped_presets();

}  // namespace pmatch
