/// Colours of a picture's ICC profile as sRGB.
#pragma once

#include <optional>

#include "core/common/image.hpp"

namespace pmatch {

/// The picture in sRGB, with perceptual intent, as Pillow's ImageCms converts it. Empty if it has
/// no profile, or one that cannot be used: it is taken for sRGB then.
std::optional<Image> converted_to_srgb(const Image& image);

}  // namespace pmatch
