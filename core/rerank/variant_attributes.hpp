/// Tells variants of one product (another size, colour, capacity, number) from duplicates: what the
/// texts say of attributes, apart from their other words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace pmatch {

/// Hashes of an attribute's kind ("volume", "colour", "number", …) and its value in a common unit.
struct VariantAttribute {
    std::uint64_t kind = 0;
    std::uint64_t value = 0;

    friend bool operator==(const VariantAttribute&, const VariantAttribute&) = default;
    friend bool operator<(const VariantAttribute& a, const VariantAttribute& b) {
        return std::tie(a.kind, a.value) < std::tie(b.kind, b.value);
    }
};

struct VariantAttributes {
    std::vector<std::uint64_t> words;          ///< all other words of the title, hashed; ascending
    std::vector<VariantAttribute> attributes;  ///< ascending
    std::vector<std::string> models;           ///< tokens of letters and digits, compact; ascending
    std::string compact;                       ///< letters and digits of the title
};

/// Whether the column is known to hold an attribute: colour, size, capacity, …
bool is_variant_column(std::string_view name);

/// `columns`: name and cell of such columns. A title counts with its first 4,000 bytes.
VariantAttributes variant_attributes(
    std::string_view title, const std::vector<std::pair<std::string, std::string>>& columns);

/// Whether the titles have most other words in common (at least .8 of the longer one's), and in
/// some attribute each side has a value that the other lacks. Model numbers count as an attribute
/// unless one begins with the other, or is written inside the other's title.
bool are_variants(const VariantAttributes& a, const VariantAttributes& b);

}  // namespace pmatch
