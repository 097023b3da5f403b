/// What columns of identifiers are called: another shop's `ean` holds what ours has in `gtin`.
#pragma once

#include <string_view>

namespace pmatch {

enum class IdentifierKind {
    kNone,   ///< no usual name of a column of identifiers
    kTrade,  ///< trade item numbers: gtin, gtin13, ean, EAN-Code, upc, barcode, isbn, …
    kPart    ///< a maker's part numbers: mpn, model no., part number, …
};

/// By the column's name, without regard to case and punctuation.
IdentifierKind kind_of_column(std::string_view name);

}  // namespace pmatch
