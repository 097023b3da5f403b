#include "data/formats/trec_id.hpp"

#include <algorithm>
#include <utility>

#include "core/text/escape.hpp"

namespace pmatch {

namespace {

struct Escape {
    std::string plain;
    std::string encoded;
};

std::vector<Escape> make_escapes() {
    std::vector<std::string> plain{"%",
                                   "\x7F",
                                   "\xC2\x85",
                                   "\xC2\xA0",
                                   "\xE1\x9A\x80",  // U+0085 U+00A0 U+1680
                                   "\xE2\x80\xA8",
                                   "\xE2\x80\xA9",
                                   "\xE2\x80\xAF",  // U+2028 U+2029 U+202F
                                   "\xE2\x81\x9F",
                                   "\xE3\x80\x80"};  // U+205F U+3000
    for (char c = 1; c <= ' '; ++c)
        plain.emplace_back(1, c);
    for (int last = 0x80; last <= 0x8A; ++last) {  // U+2000 to U+200A
        plain.push_back(std::string("\xE2\x80") + static_cast<char>(last));
    }
    std::vector<Escape> escapes;
    for (std::string& text : plain) {
        auto encoded = percent_encoded(text, "");
        escapes.push_back({std::move(text), std::move(encoded)});
    }
    return escapes;
}

const std::vector<Escape>& escapes() {
    static const std::vector<Escape> table = make_escapes();
    return table;
}

std::string replace(std::string_view text, std::string Escape::*from, std::string Escape::*to) {
    std::string out;
    while (!text.empty()) {
        const auto found =
            std::find_if(escapes().begin(), escapes().end(),
                         [&](const Escape& escape) { return text.starts_with(escape.*from); });
        if (found != escapes().end()) {
            out += (*found).*to;
            text.remove_prefix(((*found).*from).size());
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace

std::string encode_trec_id(std::string_view id) {
    return replace(id, &Escape::plain, &Escape::encoded);
}

std::string decode_trec_id(std::string_view text) {
    if (text.find('%') == std::string_view::npos) return std::string(text);
    return replace(text, &Escape::encoded, &Escape::plain);
}

std::vector<std::string_view> split_blanks(std::string_view line) {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    std::vector<std::string_view> columns;
    for (;;) {
        const std::size_t start = line.find_first_not_of(kBlanks);
        if (start == std::string_view::npos) return columns;
        line.remove_prefix(start);
        const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
        columns.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

}  // namespace pmatch
