#include "data/items/condition_tokens.hpp"

#include <algorithm>
#include <array>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

using Kind = ConditionToken::Kind;

using ascii::is_digit;
using ascii::lower;

/// SQLite takes every byte above ASCII as a letter.
bool begins_name(char c) {
    return ascii::is_letter(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool is_in_name(char c) {
    return begins_name(c) || is_digit(c) || c == '$';
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    ConditionToken next() {
        skip_blanks();
        ConditionToken token;
        token.begin = at_;
        if (at_ < text_.size()) scan(token);
        token.end = at_;
        return token;
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void skip_blanks() {
        while (at_ < text_.size()) {
            if (std::string_view(" \t\n\f\r").find(peek()) != std::string_view::npos) {
                ++at_;
            } else if (peek() == '-' && peek(1) == '-') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (peek() == '/' && peek(1) == '*') {
                const auto end = text_.find("*/", at_ + 2);
                at_ = end == std::string_view::npos ? text_.size() : end + 2;
            } else {
                return;
            }
        }
    }

    void scan(ConditionToken& token) {
        const char c = peek();
        if ((c == 'x' || c == 'X') && peek(1) == '\'') {
            ++at_;
            take_quoted(token, '\'');
            token.kind = Kind::kOther;
        } else if (c == '\'') {
            take_quoted(token, c);
            token.kind = Kind::kString;
        } else if (c == '"' || c == '`' || c == '[') {
            take_quoted(token, c == '[' ? ']' : c);
            token.kind = Kind::kName;
            token.quoted = true;
        } else if (begins_name(c)) {
            take_while(token, is_in_name);
            token.kind = Kind::kName;
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            take_number(token);
        } else if (std::string_view("?:@$#").find(c) != std::string_view::npos) {
            ++at_;
            take_while(token, is_in_name);
            token.kind = Kind::kOther;
        } else {
            take_operator(token);
        }
    }

    /// At the opening quote; a doubled closing one stands for itself.
    void take_quoted(ConditionToken& token, char close) {
        for (++at_; at_ < text_.size(); ++at_) {
            if (peek() == close) {
                if (close == ']' || peek(1) != close) break;
                ++at_;
            }
            token.value += peek();
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    void take_while(ConditionToken& token, bool (*belongs)(char)) {
        while (at_ < text_.size() && belongs(peek()))
            token.value += text_[at_++];
    }

    /// Digits, letters, points, and a sign behind an exponent: what follows a digit is of the
    /// number, and SQLite refuses it if it is none.
    void take_number(ConditionToken& token) {
        token.kind = Kind::kNumber;
        const bool hex = peek() == '0' && lower(peek(1)) == 'x';
        while (at_ < text_.size()) {
            const char c = peek();
            const bool sign = (c == '+' || c == '-') && !hex && !token.value.empty() &&
                              lower(token.value.back()) == 'e';
            if (!is_in_name(c) && c != '.' && !sign) break;
            token.value += c;
            ++at_;
        }
    }

    void take_operator(ConditionToken& token) {
        constexpr auto kLong = std::to_array<std::string_view>(
            {"->>", "||", "->", "<<", ">>", "<=", ">=", "==", "!=", "<>"});
        token.kind = Kind::kOperator;
        token.value = text_.substr(at_, 1);
        for (const auto one : kLong) {
            if (!text_.substr(at_).starts_with(one)) continue;
            token.value = one;
            break;
        }
        at_ += token.value.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<ConditionToken> condition_tokens(std::string_view condition) {
    Scanner scanner(condition);
    std::vector<ConditionToken> tokens;
    do {
        tokens.push_back(scanner.next());
    } while (tokens.back().kind != Kind::kEnd);
    return tokens;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace pmatch
