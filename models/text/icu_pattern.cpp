#include <fmt/format.h>
#include <unicode/regex.h>
#include <unicode/utext.h>

#include <utility>

#include "core/common/error.hpp"
#include "models/text/character_table.hpp"
#include "models/text/text_pattern.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kMaxPattern = 4096;  // bytes
constexpr std::int32_t kMaxSteps = 5000;   // of ICU's matching engine, about one millisecond each
constexpr std::int32_t kMaxStack = 32U << 20U;  // bytes

/// The characters with the flag, as the inside of a set, in the library's Unicode version.
std::string set_of(unicode::CharacterFlag flag) {
    std::string set;
    const auto runs = unicode::character_runs();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if ((runs[i].flags & flag) == 0) continue;
        const auto end = i + 1 < runs.size() ? runs[i + 1].first : 0x110000;
        set += fmt::format("\\x{{{:X}}}-\\x{{{:X}}}", static_cast<std::uint32_t>(runs[i].first),
                           static_cast<std::uint32_t>(end) - 1);
    }
    return set;
}

/// Translates a pattern in one pass, rejecting syntax that oniguruma and ICU interpret differently,
/// and substituting the library's letters and numbers.
class Translation {
public:
    explicit Translation(std::string_view regex) : regex_(regex) {}

    /// The rejected syntax, or empty.
    std::string refused() {
        while (at_ < regex_.size()) {
            auto unknown = step();
            if (!unknown.empty()) return unknown;
        }
        return {};
    }
    std::string result() && { return std::move(out_); }

private:
    std::string copy(std::size_t size) {
        out_ += regex_.substr(at_, size);
        at_ += std::min(size, regex_.size() - at_);
        return {};
    }

    std::string step() {
        const auto rest = regex_.substr(at_);
        for (const std::string_view odd : {"&&", "--", "-[", "[:", "}+", "}?", "(*"}) {
            if (rest.starts_with(odd)) return std::string(odd);
        }
        if (rest[0] == '\\') return escape(rest);
        if (rest.starts_with("(?")) {
            for (const std::string_view group :
                 {"(?:", "(?i:", "(?=", "(?!", "(?>", "(?<=", "(?<!"}) {
                if (rest.starts_with(group)) return copy(group.size());
            }
            return std::string(rest.substr(0, 4));
        }
        return copy(1);
    }

    std::string escape(std::string_view rest) {
        if (rest.size() < 2) return "\\";
        for (const bool letters : {true, false}) {
            const char name = letters ? 'L' : 'N';
            if (rest.size() < 5 || rest.substr(2, 3) != std::string{'{', name, '}'}) continue;
            if (rest[1] != 'p' && rest[1] != 'P') continue;
            out_ += rest[1] == 'p' ? "[" : "[^";
            out_ += set_of(letters ? unicode::kLetter : unicode::kNumber) + "]";
            at_ += 5;
            return {};
        }
        const bool letter =
            (rest[1] >= 'a' && rest[1] <= 'z') || (rest[1] >= 'A' && rest[1] <= 'Z');
        const bool digit = rest[1] >= '0' && rest[1] <= '9';
        const bool known = std::string_view("sSdDpPrntfxu").find(rest[1]) != std::string_view::npos;
        if (digit || (letter && !known)) return std::string(rest.substr(0, 2));
        return copy(2);
    }

    std::string_view regex_;
    std::size_t at_ = 0;
    std::string out_;
};

class IcuPattern final : public TextPattern {
public:
    IcuPattern(std::unique_ptr<icu::RegexPattern> pattern, std::string regex)
        : pattern_(std::move(pattern)), regex_(std::move(regex)) {}

    void find(std::string_view text, std::vector<TextSpan>& matches) const override {
        UErrorCode code = U_ZERO_ERROR;
        const std::unique_ptr<UText, decltype(&utext_close)> source(
            utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &code),
            &utext_close);
        const std::unique_ptr<icu::RegexMatcher> matcher(pattern_->matcher(code));
        check(code);
        matcher->setTimeLimit(kMaxSteps, code);
        matcher->setStackLimit(kMaxStack, code);
        matcher->reset(source.get());
        std::int64_t last = -1;
        for (std::size_t from = 0; from <= text.size();) {
            if (matcher->find(static_cast<std::int64_t>(from), code) == 0) break;
            const auto begin = matcher->start64(code);
            const auto end = matcher->end64(code);
            check(code);
            // As in the library, an empty match directly after a match is ignored.
            if (begin == end && end == last) {
                if (from >= text.size()) break;
                unicode::next(text, from);
                continue;
            }
            from = static_cast<std::size_t>(end);
            last = end;
            matches.push_back({static_cast<std::size_t>(begin), from});
        }
        check(code);
    }

private:
    void check(UErrorCode code) const {
        if (U_FAILURE(code)) {
            throw Error{fmt::format("the tokenizer's pattern {} failed on a text: {}", regex_,
                                    u_errorName(code)),
                        {},
                        "use a tokenizer.json whose pattern is simpler"};
        }
    }

    std::unique_ptr<icu::RegexPattern> pattern_;
    std::string regex_;
};

}  // namespace

std::unique_ptr<TextPattern> icu_pattern(const JsonFields& fields, const char* key,
                                         const std::string& regex) {
    if (regex.empty() || regex.size() > kMaxPattern) {
        fields.fail(key, regex, fmt::format("a pattern of 1 to {} bytes", kMaxPattern));
    }
    Translation translation(regex);
    if (const auto unknown = translation.refused(); !unknown.empty()) {
        fields.fail(key, regex, fmt::format("a pattern without {}", unknown));
    }
    UErrorCode code = U_ZERO_ERROR;
    UParseError where;
    // Oniguruma's ^ and $ match at lines, which end at \n.
    std::unique_ptr<icu::RegexPattern> pattern(
        icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(std::move(translation).result()),
                                   UREGEX_MULTILINE | UREGEX_UNIX_LINES, where, code));
    if (U_FAILURE(code)) {
        fields.fail(key, regex, fmt::format("a pattern that ICU reads ({})", u_errorName(code)));
    }
    return std::make_unique<IcuPattern>(std::move(pattern), regex);
}

}  // namespace pmatch
