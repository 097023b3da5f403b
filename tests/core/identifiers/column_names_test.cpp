#include <doctest/doctest.h>

#include "core/identifiers/column_names.hpp"

namespace {

using pmatch::IdentifierKind;
using pmatch::kind_of_column;

TEST_CASE("columns of identifiers are known by the names that shops give them") {
    for (const auto* name :
         {"gtin", "GTIN-13", "ean", "EAN_Code", "upc", "UPC-A", "Barcode", "isbn13"})
        CHECK_MESSAGE(kind_of_column(name) == IdentifierKind::kTrade, name);
    for (const auto* name :
         {"mpn", "model", "Model No.", "model_number", "Part Number", "manufacturer part number"})
        CHECK_MESSAGE(kind_of_column(name) == IdentifierKind::kPart, name);
    for (const auto* name : {"", "title", "price", "13", "cleanser", "remodelled", "supcode", "id"})
        CHECK_MESSAGE(kind_of_column(name) == IdentifierKind::kNone, name);
}

}  // namespace
