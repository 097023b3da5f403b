/// The image tower of a package: encodes resized pixels as vectors.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "models/package/package.hpp"
#include "models/preprocess/preprocess.hpp"
#include "models/runtime/module.hpp"

namespace pmatch {

class ImageEncoder {
public:
    /// Verifies and loads the tower's file; `package.image` must be set.
    ImageEncoder(const Package& package, const Device& device, Precision precision);

    std::vector<std::uint8_t> pixels(const Image& image) const { return preprocess_.resize(image); }

    /// The end of the forward pass that starts at `begin`, after passes were halved `halvings`
    /// times.
    std::size_t end_of_pass(std::span<const Prepared* const> batch, std::size_t begin,
                            int halvings) const;

    /// Starts one forward pass; vectors have `dim` floats, in the order of the batch.
    std::unique_ptr<Pass> start(std::span<const Prepared* const> batch, std::size_t dim) const;
    const Module& module() const { return *module_; }

private:
    std::size_t pictures_a_pass_;
    Preprocessor preprocess_;
    std::unique_ptr<Module> module_;
};

}  // namespace pmatch
