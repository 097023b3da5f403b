/// `builtin:local`, the keypoints of a picture, for the comparison of pictures point by point.
#pragma once

#include "core/encoders/builtin.hpp"

namespace pmatch {

Builtin local_features();

}  // namespace pmatch
