/// `--model builtin:colour`: the colours of the product.
#pragma once

#include "core/encoders/builtin.hpp"

namespace pmatch {

Builtin builtin_colour();

}  // namespace pmatch
