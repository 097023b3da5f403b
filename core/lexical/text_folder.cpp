#include "core/lexical/text_folder.hpp"

#include <algorithm>

#include "core/lexical/folding_tables.hpp"
#include "core/text/ascii.hpp"
#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

constexpr char32_t kDotAbove = 0x307;

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

using ascii::lower;

bool is_accent(char32_t c) {
    return c >= 0x300 && c <= 0x36F;
}

void decompose(const folding::Tables& tables, char32_t c, std::u32string& out) {
    const auto parts = tables.decompose(c);
    if (!parts) {
        out += c;
        return;
    }
    decompose(tables, parts->first, out);
    out += parts->second;
}

/// Canonical order: marks between two starters ascend by their class.
void order_marks(const folding::Tables& tables, std::u32string& text) {
    const auto by_class = [&](char32_t a, char32_t b) {
        return tables.combining_class(a) < tables.combining_class(b);
    };
    const auto is_mark = [&](char32_t c) { return tables.combining_class(c) != 0; };
    for (auto at = text.begin(); at != text.end();) {
        const auto begin = std::find_if(at, text.end(), is_mark);
        at = std::find_if_not(begin, text.end(), is_mark);
        std::stable_sort(begin, at, by_class);
    }
}

/// Canonical composition of a text in canonical order, in place.
void compose(const folding::Tables& tables, std::u32string& text) {
    constexpr auto kNone = std::u32string::npos;
    std::size_t starter = kNone;
    std::size_t size = 0;
    int before = -1;  // the class of the last mark kept behind the starter; -1 = none
    for (const char32_t c : text) {
        const int own = tables.combining_class(c);
        const bool blocked = before >= own;
        if (starter != kNone && !blocked) {
            if (c == kDotAbove && text[starter] == U'i') continue;
            if (const auto whole = tables.compose(text[starter], c); whole != 0) {
                text[starter] = whole;
                continue;
            }
        }
        if (own == 0) {
            starter = size;
            before = -1;
        } else {
            before = own;
        }
        text[size++] = c;
    }
    text.resize(size);
}

}  // namespace

/// ASCII never combines with what stands before it, so a text is folded in pieces that begin with
/// the ASCII character before others.
std::string_view TextFolder::fold(std::string_view text) {
    folded_.clear();
    for (std::size_t at = 0; at < text.size();) {
        const auto other = static_cast<std::size_t>(
            std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_ascii) -
            text.begin());
        const auto begin = other == text.size() || other == at ? other : other - 1;
        const auto size = static_cast<std::ptrdiff_t>(folded_.size());
        folded_ += text.substr(at, begin - at);
        std::transform(folded_.begin() + size, folded_.end(), folded_.begin() + size, lower);
        auto end = other;
        while (end < text.size() && !is_ascii(text[end]))
            ++end;
        fold_piece(text.substr(begin, end - begin));
        at = end;
    }
    return folded_;
}

void TextFolder::append_mapped(char32_t c) {
    attaches_ = attaches_ || folding::Tables::get().attaches(c);
    characters_ += c;
}

void TextFolder::fold_piece(std::string_view piece) {
    if (piece.empty()) return;
    const auto& tables = folding::Tables::get();
    characters_.clear();
    attaches_ = false;
    for (std::size_t at = 0; at < piece.size();) {
        const auto c = utf8::next(piece, at);
        if (c < 0x80) {
            characters_ += static_cast<char32_t>(lower(static_cast<char>(c)));
            continue;
        }
        const auto fold = tables.fold(c);
        if (fold.unseen) continue;
        if (fold.text.empty()) append_mapped(fold.character);
        for (const auto one : fold.text)
            append_mapped(one);
    }
    if (attaches_ || accents_ == Accents::kStrip) {
        decomposed_.clear();
        for (const auto c : characters_)
            decompose(tables, c, decomposed_);
        if (accents_ == Accents::kStrip) std::erase_if(decomposed_, is_accent);
        order_marks(tables, decomposed_);
        compose(tables, decomposed_);
        characters_.swap(decomposed_);
    }
    for (const auto c : characters_)
        utf8::append(folded_, c);
}

}  // namespace pmatch
