/// The items for which a condition holds.
#pragma once

#include <vector>

#include "core/common/observer.hpp"
#include "core/common/row_bitmap.hpp"

namespace pmatch {

struct FilteredRows {
    RowSet rows;
    std::vector<Notice> warnings;  ///< what it compared otherwise than one may think
};

}  // namespace pmatch
