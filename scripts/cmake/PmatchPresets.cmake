# pmatch_embed_presets(OUT name…): writes a source file with presets/<name>.jsonc as string literals.
function(pmatch_embed_presets out)
    set(entries "")
    foreach(name IN LISTS ARGN)
        set(file "${PROJECT_SOURCE_DIR}/presets/${name}.jsonc")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
        file(READ "${file}" text)
        string(APPEND entries "    {\"${name}\", R\"preset(${text})preset\"},\n")
    endforeach()
    list(LENGTH ARGN count)
    file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT "#include \"core/preset/shipped_presets.hpp\"

#include <array>

namespace pmatch {
namespace {

constexpr std::array<ShippedPreset, @count@> kPresets{{
@entries@}};

}  // namespace

std::span<const ShippedPreset> shipped_presets() {
    return kPresets;
}

}  // namespace pmatch
")
endfunction()
