/// The program's kinds of encoders, including the built-in descriptors.
#pragma once

#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

/// A new kind or built-in descriptor is a file of its own and a row in encoder_kinds.cpp.
const EncoderKinds& encoder_kinds();

}  // namespace pmatch
