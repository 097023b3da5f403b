/// Writes core/lexical/folding_data.cpp from ICU's Unicode data. Run it only to upgrade Unicode,
/// and then increase kAnalyserVersion: the terms in existing indexes depend on the table.
#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <string>
#include <vector>

#include "scripts/unicode/moved_runs.hpp"

namespace {

constexpr UChar32 kEnd = 0x110000;
constexpr UChar32 kFractionSlash = 0x2044;

const icu::Normalizer2& casefold() {
    UErrorCode status = U_ZERO_ERROR;
    return *icu::Normalizer2::getNFKCCasefoldInstance(status);
}
const icu::Normalizer2& composer() {
    UErrorCode status = U_ZERO_ERROR;
    return *icu::Normalizer2::getNFCInstance(status);
}

bool is_surrogate(UChar32 c) {
    return c >= 0xD800 && c < 0xE000;
}

/// Marks behind a name are no part of it: "Acme™" is not "acmetm".
bool is_trade_mark(UChar32 c) {
    return c == 0x2120 || c == 0x2122 || (c >= 0x1F16A && c <= 0x1F16C);
}

/// What is typed for ' and ", as apostrophes and for feet and inches; 0 for any other character.
UChar32 plain_quote(UChar32 c) {
    const bool one =
        c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x2032 || c == 0x02BC;
    const bool two = c == 0x201C || c == 0x201D || c == 0x201E || c == 0x201F || c == 0x2033;
    return one ? U'\'' : two ? U'"' : 0;
}

/// NFKC_Casefold, but for the exceptions that core/lexical/text_folder.hpp names.
icu::UnicodeString folded(UChar32 c) {
    if (is_trade_mark(c)) return {" "};
    if (plain_quote(c) != 0) return {plain_quote(c)};
    icu::UnicodeString text;
    UErrorCode status = U_ZERO_ERROR;
    casefold().normalize(icu::UnicodeString(c), text, status);
    if (text.indexOf(kFractionSlash) < 0) return text;
    text.findAndReplace(icu::UnicodeString(kFractionSlash), icu::UnicodeString(UChar32{'/'}));
    return c == kFractionSlash ? text : icu::UnicodeString(" ") + text + " ";
}

std::string literal(const icu::UnicodeString& text) {
    std::string out = "U\"";
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const auto c = text.char32At(i);
        if (c > 0x20 - 1 && c < 0x7F && c != '"' && c != '\\' && c != '?') {
            out += static_cast<char>(c);
        } else if (c < 0x7F) {
            out += fmt::format("\\{}", static_cast<char>(c));
        } else {
            out += c < 0x10000 ? fmt::format("\\u{:04x}", c) : fmt::format("\\U{:08x}", c);
        }
    }
    return out + "\"";
}

void print_packed(const std::vector<std::string>& entries) {
    constexpr std::size_t kWidth = 98;
    std::string line = "   ";
    for (const auto& entry : entries) {
        if (line.size() + entry.size() + 2 > kWidth) {
            fmt::print("{}\n", line);
            line = "   ";
        }
        line += " " + entry + ",";
    }
    fmt::print("{}\n}});\n\n", line);
}

/// Characters that become one other: runs, next to each other or every second.
void print_runs(const std::vector<std::pair<UChar32, UChar32>>& moves) {
    std::vector<std::string> entries;
    for (const auto& [first, last, step, delta] : moved_runs(moves))
        entries.push_back(fmt::format("{{{:#x}, {:#x}, {}, {}}}", first, last, step, delta));
    fmt::print("constexpr auto kRuns = std::to_array<FoldRange>({{\n");
    print_packed(entries);
}

void print_folding() {
    std::vector<std::pair<UChar32, UChar32>> moves;
    std::vector<std::string> removed;
    std::vector<std::string> texts;
    for (UChar32 c = 0x80; c < kEnd; ++c) {
        if (is_surrogate(c)) continue;
        const auto to = folded(c);
        if (to == icu::UnicodeString(c)) continue;
        if (to.isEmpty()) {
            auto last = c;
            while (last + 1 < kEnd && folded(last + 1).isEmpty())
                ++last;
            removed.push_back(fmt::format("{{{:#x}, {:#x}}}", c, last));
            c = last;
        } else if (to.countChar32() == 1) {
            moves.emplace_back(c, to.char32At(0) - c);
        } else {
            texts.push_back(fmt::format("{{{:#x}, {}}}", c, literal(to)));
        }
    }
    print_runs(moves);
    fmt::print("constexpr auto kUnseen = std::to_array<CharacterRange>({{\n");
    print_packed(removed);
    fmt::print("constexpr auto kTexts = std::to_array<FoldText>({{\n");
    print_packed(texts);
}

void print_combining_classes() {
    std::vector<std::string> entries;
    for (UChar32 c = 0; c < kEnd; ++c) {
        const int value = u_getCombiningClass(c);
        if (value == 0) continue;
        auto last = c;
        while (last + 1 < kEnd && u_getCombiningClass(last + 1) == value)
            ++last;
        entries.push_back(fmt::format("{{{:#x}, {:#x}, {}}}", c, last, value));
        c = last;
    }
    fmt::print("constexpr auto kCombining = std::to_array<CombiningRange>({{\n");
    print_packed(entries);
}

/// Pairs of the canonical composition, without Hangul, which is computed.
void print_compositions() {
    std::vector<std::string> entries;
    for (UChar32 c = 0; c < kEnd; ++c) {
        icu::UnicodeString parts;
        if (is_surrogate(c) || (c >= 0xAC00 && c <= 0xD7A3)) continue;
        if (!composer().getRawDecomposition(c, parts) || parts.countChar32() != 2) continue;
        const auto left = parts.char32At(0);
        const auto right = parts.char32At(parts.moveIndex32(0, 1));
        if (composer().composePair(left, right) != c) continue;
        entries.push_back(fmt::format("{{{:#x}, {:#x}, {:#x}}}", c, left, right));
    }
    fmt::print("constexpr auto kCompositions = std::to_array<Composition>({{\n");
    print_packed(entries);
}

}  // namespace

int main() {
    fmt::print(
        "// Made by scripts/unicode/make_folding_table.cpp from Unicode {}; do not edit.\n"
        "#include \"core/lexical/folding_data.hpp\"\n\n#include <array>\n\n"
        "namespace pmatch::folding {{\nnamespace {{\n\n// clang-format off\n",
        U_UNICODE_VERSION);
    print_folding();
    print_combining_classes();
    print_compositions();
    fmt::print(
        "// clang-format on\n\n}}  // namespace\n\n"
        "std::span<const FoldRange> ranges() {{\n    return kRuns;\n}}\n"
        "std::span<const CharacterRange> unseen() {{\n    return kUnseen;\n}}\n"
        "std::span<const FoldText> texts() {{\n    return kTexts;\n}}\n"
        "std::span<const CombiningRange> combining() {{\n    return kCombining;\n}}\n"
        "std::span<const Composition> compositions() {{\n    return kCompositions;\n}}\n\n"
        "}}  // namespace pmatch::folding\n");
}
