/// Writes core/lexical/word_break_data.cpp from ICU's Unicode data. Run it only to upgrade Unicode,
/// and then increase kAnalyserVersion: the terms in existing indexes depend on the table.
#include <fmt/format.h>
#include <unicode/uchar.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "scripts/unicode/moved_runs.hpp"

namespace {

constexpr UChar32 kEnd = 0x110000;

/// The name of pmatch::WordClass for ICU's Word_Break value.
const char* class_of(UChar32 c) {
    static const std::array<std::pair<UWordBreakValues, const char*>, 13> names{{
        {U_WB_ALETTER, "kLetter"},
        {U_WB_HEBREW_LETTER, "kHebrew"},
        {U_WB_NUMERIC, "kDigit"},
        {U_WB_KATAKANA, "kKatakana"},
        {U_WB_EXTENDNUMLET, "kConnector"},
        {U_WB_MIDLETTER, "kMidLetter"},
        {U_WB_MIDNUM, "kMidNumber"},
        {U_WB_MIDNUMLET, "kMidBoth"},
        {U_WB_SINGLE_QUOTE, "kMidBoth"},
        {U_WB_DOUBLE_QUOTE, "kDoubleQuote"},
        {U_WB_EXTEND, "kExtend"},
        {U_WB_FORMAT, "kExtend"},
        {U_WB_ZWJ, "kExtend"},
    }};
    const auto value = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
    for (const auto& [number, name] : names) {
        if (number == value) return name;
    }
    const bool number = (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0;
    return number || u_hasBinaryProperty(c, UCHAR_ALPHABETIC) ? "kAlone" : "kOther";
}

void print_classes() {
    fmt::print(
        "const std::vector<WordRange>& word_ranges() {{\n    using enum WordClass;\n"
        "    static const std::vector<WordRange> ranges{{\n");
    for (UChar32 first = 0; first < kEnd;) {
        const std::string name = class_of(first);
        UChar32 last = first;
        while (last + 1 < kEnd && name == class_of(last + 1))
            ++last;
        if (name != "kOther") fmt::print("        {{{:#x}, {:#x}, {}}},\n", first, last, name);
        first = last + 1;
    }
    fmt::print("    }};\n    return ranges;\n}}\n\n");
}

/// Runs of letters, next to each other or every second, that move by the same amount.
void print_lower_case() {
    std::vector<std::pair<UChar32, UChar32>> moves;
    for (UChar32 c = 0; c < kEnd; ++c) {
        if (u_tolower(c) != c) moves.emplace_back(c, u_tolower(c) - c);
    }
    fmt::print(
        "const std::vector<LowerRange>& lower_ranges() {{\n"
        "    static const std::vector<LowerRange> ranges{{\n");
    for (const auto& [first, last, step, delta] : moved_runs(moves))
        fmt::print("        {{{:#x}, {:#x}, {}, {}}},\n", first, last, step, delta);
    fmt::print("    }};\n    return ranges;\n}}\n\n");
}

}  // namespace

int main() {
    fmt::print(
        "// Made by scripts/unicode/make_word_table.cpp from Unicode {}; do not edit.\n"
        "#include \"core/lexical/word_break_data.hpp\"\n\nnamespace pmatch {{\n\n"
        "// clang-format off\n",
        U_UNICODE_VERSION);
    print_classes();
    print_lower_case();
    fmt::print("// clang-format on\n\n}}  // namespace pmatch\n");
}
