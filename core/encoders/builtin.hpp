/// A descriptor that is part of the program: a function of a picture, without a network. `--model
/// builtin:NAME` names it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/common/image.hpp"
#include "core/encoders/encoder.hpp"

namespace pmatch {

struct Builtin {
    std::string name;  ///< what stands behind "builtin:"
    /// What a vector is, in a line, for people.
    std::string about;
    /// All that decides a vector and could be another: method, sizes, bins, version. Part of the
    /// fingerprint, so a change of the function that changes a vector changes this text.
    std::string settings;
    int dim = 0;
    bool normalized = false;  ///< vectors have unit length
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
    /// The picture's vectors, `dim` floats each, one behind the other; exactly one of kOne. Called
    /// from many threads. Equal pictures give equal vectors.
    std::function<std::vector<float>(const Image&)> describe;
};

}  // namespace pmatch
