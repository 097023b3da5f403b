/// Which problems of a picture another try may not have.
#pragma once

#include "core/common/problem.hpp"

namespace pmatch {

/// For a picture whose content is the same: the file may be back, or this pmatch may read a format
/// that the one that met the problem did not.
bool may_have_mended(const Problem& problem);

}  // namespace pmatch
