/// The built-in reader "code": barcodes.
#pragma once

#include "core/encoders/builtin_reader.hpp"

namespace pmatch {

/// A text has a code a line: blanks are part of a code, and a list of identifiers parts cells at
/// line breaks.
BuiltinReader code_reader();

}  // namespace pmatch
