/// A descriptor that is part of the program: a function of a picture, without a network. `--model
/// builtin:NAME` names it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/image.hpp"
#include "core/encoders/encoder.hpp"

namespace pmatch {

inline constexpr std::string_view kBuiltinPrefix = "builtin:";

/// Whether a model of this name is a built-in descriptor.
inline bool is_builtin(std::string_view model) {
    return model.starts_with(kBuiltinPrefix);
}

struct Builtin {
    std::string name;  ///< the part after "builtin:"
    /// One line for people: what the vector describes.
    std::string about;
    /// Everything that determines the vectors: method, sizes, bins, version. Part of the
    /// fingerprint, so a change of the function that changes vectors must change this text.
    std::string settings;
    int dim = 0;
    bool normalized = false;  ///< vectors have unit length
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
    bool bytes = false;  ///< see EncoderInfo
    /// The picture's vectors, `dim` floats each, concatenated; exactly one for kOne. Called from
    /// many threads. Equal pictures give equal vectors.
    std::function<std::vector<float>(const Image&)> describe;
};

}  // namespace pmatch
