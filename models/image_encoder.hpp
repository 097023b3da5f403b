/// The picture tower of a package: resized pixels in, vectors out.
#pragma once

#include <span>
#include <vector>

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

    /// Where to cut a batch into forward passes: ends of consecutive runs.
    std::vector<std::size_t> plan(std::span<const Prepared* const> batch) const;

    /// One forward pass; vectors.size() / batch.size() floats each, in the order of the batch.
    void forward(std::span<const Prepared* const> batch, std::span<float> vectors) const;

private:
    std::size_t pictures_a_pass_;
    Preprocessor preprocess_;
    Module module_;
};

}  // namespace pmatch
