#include "core/identifiers/column_names.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

/// Without the digits of a length: "gtin13" is "gtin".
constexpr std::array<std::string_view, 10> kTradeNames{
    "gtin", "ean", "upc", "upca", "barcode", "isbn", "jan", "eancode", "upccode", "gtincode"};
constexpr std::array<std::string_view, 10> kPartNames{"mpn",
                                                      "model",
                                                      "modelno",
                                                      "modelnumber",
                                                      "modelnr",
                                                      "partno",
                                                      "partnumber",
                                                      "partnr",
                                                      "manufacturerpartnumber",
                                                      "itemmodelnumber"};

template <std::size_t kCount>
bool contains(const std::array<std::string_view, kCount>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

IdentifierKind kind_of_column(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        if (ascii::is_letter(c) || ascii::is_digit(c)) plain += ascii::lower(c);
    }
    if (contains(kPartNames, plain)) return IdentifierKind::kPart;
    while (!plain.empty() && ascii::is_digit(plain.back()))
        plain.pop_back();
    return contains(kTradeNames, plain) ? IdentifierKind::kTrade : IdentifierKind::kNone;
}

}  // namespace pmatch
