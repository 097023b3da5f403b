#include "models/text/bert_normalizer.hpp"

#include <algorithm>

#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

BertNormalizer BertNormalizer::read(const JsonFields& fields) {
    BertNormalizer normalizer;
    normalizer.clean_text = fields.boolean("clean_text");
    normalizer.handle_chinese_chars = fields.boolean("handle_chinese_chars");
    normalizer.lowercase = fields.boolean("lowercase");
    // null means: same as lowercase.
    normalizer.strip_accents =
        fields.has("strip_accents") ? fields.boolean("strip_accents") : normalizer.lowercase;
    return normalizer;
}

void BertNormalizer::append(std::string_view text, std::string& out) const {
    if (!is_ascii(text)) {
        append_slowly(text, out);
        return;
    }
    for (char c : text) {
        if (clean_text && (c < ' ' || c == '\x7f')) {
            if (c != '\t' && c != '\n' && c != '\r') continue;
            c = ' ';
        }
        if (lowercase && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        out += c;
    }
}

void BertNormalizer::append_slowly(std::string_view text, std::string& out) const {
    std::u32string points;
    points.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size();) {
        auto c = unicode::next(text, i);
        if (clean_text) {
            if (unicode::is_removed_by_clean_text(c)) continue;
            if (unicode::is_whitespace(c)) c = U' ';
        }
        const bool chinese = handle_chinese_chars && unicode::is_chinese(c);
        if (chinese) points += U' ';
        if (strip_accents) {
            unicode::append_decomposed(points, c);
        } else {
            points += c;
        }
        if (chinese) points += U' ';
    }
    for (const auto c : points) {
        if (c >= 0x80 && strip_accents && unicode::is_nonspacing_mark(c)) continue;
        if (lowercase && c == unicode::kDottedI) {
            out += "i\xCC\x87";
        } else {
            unicode::append(out, lowercase ? unicode::to_lower(c) : c);
        }
    }
}

}  // namespace pmatch
