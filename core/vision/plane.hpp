/// A picture of one channel, in floats.
#pragma once

#include <cstddef>
#include <memory>

namespace pmatch {

/// Row-major, top row first, no padding.
struct Plane {
    int width = 0;
    int height = 0;
    std::unique_ptr<float[]> values;

    Plane() = default;
    /// Its values are not set.
    Plane(int w, int h)
        : width(w),
          height(h),
          values(std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(w) *
                                                         static_cast<std::size_t>(h))) {}

    float* row(int y) { return values.get() + offset(y); }
    const float* row(int y) const { return values.get() + offset(y); }

private:
    std::ptrdiff_t offset(int y) const { return static_cast<std::ptrdiff_t>(y) * width; }
};

}  // namespace pmatch
