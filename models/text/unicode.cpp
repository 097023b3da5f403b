#include "models/text/unicode.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/common/error.hpp"
#include "models/text/character_table.hpp"

namespace pmatch::unicode {
namespace {

constexpr int kCategoryVersion = 8;
constexpr int kDecompositionVersion = 9;

int age(char32_t c) {
    UVersionInfo version;
    u_charAge(static_cast<UChar32>(c), version);
    return version[0];
}

/// Handles characters whose category changed after Unicode 8.
int category(char32_t c) {
    switch (c) {
        case 0x166D:
            return U_OTHER_PUNCTUATION;
        case 0x1734:
            return U_NON_SPACING_MARK;
        case 0x1885:
        case 0x1886:
            return U_OTHER_LETTER;
        case 0xA9BD:
            return U_COMBINING_SPACING_MARK;
        case 0x111C9:
            return U_OTHER_PUNCTUATION;
        default:
            break;
    }
    const int type = u_charType(static_cast<UChar32>(c));
    // Looking up the age is slower than the type, so it is done only if it matters.
    const bool matters =
        type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || ((U_MASK(type) & U_GC_P_MASK) != 0);
    if (matters && age(c) > kCategoryVersion) return U_UNASSIGNED;
    return type;
}

/// Lower case added after Unicode 15. `step` 2 means every other character.
struct LowerRange {
    char32_t first;
    char32_t last;
    int step;
    std::int32_t shift;
};
constexpr std::array kNewLower{
    LowerRange{0x1C89, 0x1C89, 1, 1},      LowerRange{0xA7CB, 0xA7CB, 1, 0x264 - 0xA7CB},
    LowerRange{0xA7CC, 0xA7DA, 2, 1},      LowerRange{0xA7DC, 0xA7DC, 1, 0x19B - 0xA7DC},
    LowerRange{0x10D50, 0x10D65, 1, 0x20}, LowerRange{0x16EA0, 0x16EB8, 1, 0x1B},
};

const UNormalizer2& nfd() {
    static const UNormalizer2* const instance = [] {
        UErrorCode code = U_ZERO_ERROR;
        const auto* found = unorm2_getNFDInstance(&code);
        if (U_FAILURE(code)) {
            throw Error{std::string("ICU has no normalisation data: ") + u_errorName(code),
                        {},
                        "install the ICU data package"};
        }
        return found;
    }();
    return *instance;
}

int combining_class(UChar32 c) {
    const int known = u_getCombiningClass(c);
    return known != 0 && age(static_cast<char32_t>(c)) > kDecompositionVersion ? 0 : known;
}

bool within(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

}  // namespace

bool is_mark(char32_t c) {
    return (CharacterTable::instance().flags(c) & kMark) != 0;
}

bool is_whitespace(char32_t c) {
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_punctuation(char32_t c) {
    if (c < 0x80) {
        return within(c, '!', '/') || within(c, ':', '@') || within(c, '[', '`') ||
               within(c, '{', '~');
    }
    return (U_MASK(category(c)) & U_GC_P_MASK) != 0;
}

bool is_nonspacing_mark(char32_t c) {
    return category(c) == U_NON_SPACING_MARK;
}

bool is_removed_by_clean_text(char32_t c) {
    if (c == '\t' || c == '\n' || c == '\r') return false;
    if (c == 0 || c == 0xFFFD) return true;
    const int type = category(c);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_PRIVATE_USE_CHAR;
}

bool is_chinese(char32_t c) {
    // The library, too, has the gap from 2B820 to 2B91F.
    return within(c, 0x4E00, 0x9FFF) || within(c, 0x3400, 0x4DBF) || within(c, 0x20000, 0x2A6DF) ||
           within(c, 0x2A700, 0x2B73F) || within(c, 0x2B740, 0x2B81F) ||
           within(c, 0x2B920, 0x2CEAF) || within(c, 0xF900, 0xFAFF) || within(c, 0x2F800, 0x2FA1F);
}

bool is_word(char32_t c) {
    return (CharacterTable::instance().flags(c) & kWord) != 0;
}

char32_t to_lower(char32_t c) {
    for (const auto& range : kNewLower) {
        if (!within(c, range.first, range.last)) continue;
        if ((c - range.first) % static_cast<char32_t>(range.step) != 0) break;
        return static_cast<char32_t>(static_cast<std::int32_t>(c) + range.shift);
    }
    return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

void lowercase(std::string& text) {
    const auto wide = std::find_if(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    std::for_each(text.begin(), wide, [](char& c) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    });
    if (wide == text.end()) return;
    const auto begin = static_cast<std::size_t>(wide - text.begin());
    std::string out;
    out.reserve(text.size() + 8);
    out.append(text, 0, begin);
    for (auto i = begin; i < text.size();) {
        const auto c = next(text, i);
        if (c == kDottedI) {
            out += "i\xCC\x87";
        } else {
            append(out, to_lower(c));
        }
    }
    text.swap(out);
}

void append_decomposed(std::u32string& text, char32_t c) {
    if (c < 0xC0) {
        text += c;
        return;
    }
    std::array<UChar, 32> units{};
    UErrorCode code = U_ZERO_ERROR;
    const auto count = unorm2_getDecomposition(&nfd(), static_cast<UChar32>(c), units.data(),
                                               static_cast<std::int32_t>(units.size()), &code);
    const bool decomposes = count > 0 && (c < 0x11000 || age(c) <= kDecompositionVersion);
    for (std::int32_t i = 0; i < (decomposes ? count : 1);) {
        UChar32 piece = static_cast<UChar32>(c);
        if (decomposes) {
            U16_NEXT(units.data(), i, count, piece);
        } else {
            ++i;
        }
        text += static_cast<char32_t>(piece);
        // Canonical order: a mark moves before marks of a higher combining class.
        const auto rank = combining_class(piece);
        for (auto at = text.size() - 1; rank != 0 && at > 0; --at) {
            if (combining_class(static_cast<UChar32>(text[at - 1])) <= rank) break;
            std::swap(text[at], text[at - 1]);
        }
    }
}

}  // namespace pmatch::unicode
