// The GPU check reads no picture file, so no picture has a profile.
#include "models/preprocess/colour_profile.hpp"

namespace pmatch {

std::optional<Image> converted_to_srgb(const Image&) {
    return std::nullopt;
}

}  // namespace pmatch
