/// Gaussian blur.
#pragma once

#include "core/vision/plane.hpp"

namespace pmatch {

/// `plane` blurred by `sigma` pixels, and beyond its border mirrored at the outermost pixels. The
/// bell ends at 3 sigma.
Plane blurred(const Plane& plane, double sigma);

}  // namespace pmatch
