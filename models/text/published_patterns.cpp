// Scanners for the patterns of published tokenizers: the same matches as the regular expression,
// found in one pass.
#include <array>
#include <string>

#include "models/text/character_table.hpp"
#include "models/text/text_pattern.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

using unicode::kBlank;
using unicode::kLetter;
using unicode::kNumber;

constexpr unsigned kOther = 0x8000;  ///< none of the three
constexpr unsigned kKinds = kLetter | kNumber | kBlank;

/// A text and its character classes.
class Kinds {
public:
    explicit Kinds(std::string_view text) : text_(text) {}

    /// The class of the character at `at`, and its end; 0 at the end of the text.
    unsigned kind(std::size_t at, std::size_t& end) const {
        end = at;
        if (at >= text_.size()) return 0;
        const auto kind = table_.flags(unicode::next(text_, end)) & kKinds;
        return kind == 0 ? kOther : kind;
    }

    bool is(std::size_t at, unsigned kinds) const {
        std::size_t end = 0;
        return (kind(at, end) & kinds) != 0;
    }

    /// The end of the run of characters of these classes that starts at `at`.
    std::size_t run(std::size_t at, unsigned kinds) const {
        std::size_t end = at;
        while ((kind(at, end) & kinds) != 0)
            at = end;
        return at;
    }

    std::string_view text() const { return text_; }
    char byte(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
    bool is_newline(std::size_t at) const { return byte(at) == '\n' || byte(at) == '\r'; }

private:
    std::string_view text_;
    const unicode::CharacterTable& table_ = unicode::CharacterTable::instance();
};

/// Matches 's|'t|'re|'ve|'m|'ll|'d at `at`: the end, or `at`. If case is ignored, U+017F is an s.
std::size_t contraction(std::string_view text, std::size_t at, bool any_case) {
    if (text[at] != '\'') return at;
    const auto rest = text.substr(at + 1, 2);
    if (any_case && rest == "\xC5\xBF") return at + 3;
    const auto letter = [&](std::size_t i) {
        const char c = i < rest.size() ? rest[i] : '\0';
        return any_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const char first = letter(0);
    const char second = letter(1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
    const bool two =
        ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    return two ? at + 3 : at;
}

/// \s+(?!\S)|\s+ : blanks, except the last one if a word follows.
std::size_t blanks(const Kinds& text, std::size_t at) {
    std::size_t last = at;
    std::size_t end = at;
    for (auto i = at; (text.kind(i, end) & kBlank) != 0; i = end)
        last = i;
    const auto stop = text.run(last, kBlank);
    return stop < text.text().size() && last > at ? last : stop;
}

/// The end of the match that starts exactly at `at`, or `at` if there is none.
struct Gpt2 {
    // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    std::size_t operator()(const Kinds& text, std::size_t at) const {
        if (const auto end = contraction(text.text(), at, false); end > at) return end;
        const auto word = text.byte(at) == ' ' ? at + 1 : at;
        std::size_t end = 0;
        const auto kind = text.kind(word, end);
        if ((kind & (kLetter | kNumber | kOther)) != 0) return text.run(end, kind);
        return blanks(text, at);
    }
};

struct Clip {
    // 's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+, preceded by the start and end
    // tokens
    bool with_tokens;

    std::size_t operator()(const Kinds& text, std::size_t at) const {
        if (with_tokens && text.byte(at) == '<') {
            for (const std::string_view token : {"<|startoftext|>", "<|endoftext|>"}) {
                if (text.text().substr(at).starts_with(token)) return at + token.size();
            }
        }
        if (const auto end = contraction(text.text(), at, false); end > at) return end;
        std::size_t end = 0;
        const auto kind = text.kind(at, end);
        if (kind == kBlank) return at;
        return kind == kNumber ? end : text.run(end, kind);
    }
};

struct Qwen2 {
    // (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}|
    //  ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
    int digits;

    std::size_t operator()(const Kinds& text, std::size_t at) const {
        if (const auto end = contraction(text.text(), at, true); end > at) return end;
        std::size_t end = 0;
        const auto kind = text.kind(at, end);
        if (kind == kLetter) return text.run(end, kLetter);
        if (kind == kNumber) return numbers(text, end);
        if (!text.is_newline(at) && text.is(end, kLetter)) return text.run(end, kLetter);
        const auto mark = text.byte(at) == ' ' ? at + 1 : at;
        if (text.is(mark, kOther)) {
            end = text.run(mark, kOther);
            while (text.is_newline(end))
                ++end;
            return end;
        }
        const auto line = behind_newlines(text, at);
        return line > at ? line : blanks(text, at);
    }

    std::size_t numbers(const Kinds& text, std::size_t at) const {
        std::size_t end = at;
        for (int i = 1; i < digits && text.kind(at, end) == kNumber; ++i)
            at = end;
        return at;
    }

    /// After the last newline of the blanks at `at`; `at` if they have none.
    static std::size_t behind_newlines(const Kinds& text, std::size_t at) {
        auto found = at;
        std::size_t end = at;
        for (auto i = at; (text.kind(i, end) & kBlank) != 0; i = end) {
            if (text.is_newline(i)) found = end;
        }
        return found;
    }
};

/// Runs of at least `least` blanks, or of U+0020 only.
struct BlankRun {
    bool space_only;
    std::size_t least;

    std::size_t operator()(const Kinds& text, std::size_t at) const {
        auto end = at;
        if (space_only) {
            while (text.byte(end) == ' ')
                ++end;
        } else {
            end = text.run(at, kBlank);
        }
        return end - at >= least ? end : at;
    }
};

template <typename Scan>
class Scanner final : public TextPattern {
public:
    explicit Scanner(Scan scan) : scan_(scan) {}

    void find(std::string_view text, std::vector<TextSpan>& matches) const override {
        const Kinds kinds(text);
        for (std::size_t at = 0; at < text.size();) {
            auto end = scan_(kinds, at);
            if (end > at) {
                matches.push_back({at, end});
            } else {
                unicode::next(text, end);
            }
            at = end;
        }
    }

private:
    Scan scan_;
};

template <typename Scan>
std::unique_ptr<TextPattern> scanner(Scan scan) {
    return std::make_unique<Scanner<Scan>>(scan);
}

}  // namespace

std::unique_ptr<TextPattern> gpt2_pattern() {
    return scanner(Gpt2{});
}

std::unique_ptr<TextPattern> published_pattern(std::string_view regex) {
    const std::string words = R"('s|'t|'re|'ve|'m|'ll|'d)";
    const std::string clip = words + R"(|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";
    const auto qwen = [&](const char* number) {
        return "(?i:" + words + R"()|[^\r\n\p{L}\p{N}]?\p{L}+|)" + number +
               R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
    };
    if (regex == words + R"(| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)") {
        return gpt2_pattern();
    }
    if (regex == clip) return scanner(Clip{false});
    if (regex == R"(<\|startoftext\|>|<\|endoftext\|>|)" + clip) return scanner(Clip{true});
    if (regex == qwen(R"(\p{N})")) return scanner(Qwen2{1});
    if (regex == qwen(R"(\p{N}{1,3})")) return scanner(Qwen2{3});
    if (regex == R"(\s+)") return scanner(BlankRun{false, 1});
    if (regex == " {2,}") return scanner(BlankRun{true, 2});
    return nullptr;
}

}  // namespace pmatch
