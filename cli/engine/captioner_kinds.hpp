/// The program's kinds of captioners, including the built-in readers.
#pragma once

#include "core/encoders/captioner_kind.hpp"

namespace pmatch {

/// A new built-in reader is a file of its own and a row in captioner_kinds.cpp.
const CaptionerKinds& captioner_kinds();

}  // namespace pmatch
