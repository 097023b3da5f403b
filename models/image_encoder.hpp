/// The picture tower of a package: resized pixels in, vectors out.
#pragma once

#include <span>

#include "core/encoder.hpp"
#include "models/module.hpp"
#include "models/package.hpp"
#include "models/preprocess.hpp"

namespace pmatch {

class ImageEncoder {
public:
    /// Verifies and loads the tower's file; `package.image` must be set.
    ImageEncoder(const Package& package, Device device);

    std::vector<std::uint8_t> pixels(const Image& image) const { return preprocess_.resize(image); }

    /// vectors.size() / batch.size() floats each, in the order of the batch.
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) const;

private:
    Preprocessor preprocess_;
    Module module_;
};

}  // namespace pmatch
