/// The kinds of encoders that the program has, and the descriptors that are part of it.
#pragma once

#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

/// The table: a new kind, or a new built-in descriptor, is a file of its own and a line of
/// encoder_kinds.cpp.
const EncoderKinds& encoder_kinds();

}  // namespace pmatch
