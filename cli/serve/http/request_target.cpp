#include "cli/serve/http/request_target.hpp"

#include "cli/serve/http/request_error.hpp"
#include "core/text/utf8.hpp"

namespace pmatch::cli {
namespace {

/// -1 for what is no hexadecimal digit.
int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text, bool plus) {
    auto result = percent_decoded(text, plus);
    if (!result || !utf8::is_clean(*result)) {
        throw BadRequest{"the address holds what is not UTF-8 in percent escapes",
                         "escape every byte that is not a letter or digit as %XX"};
    }
    return *std::move(result);
}

/// Calls take(piece) for the pieces of `text` between `separator`s.
template <typename Take>
void for_each_piece(std::string_view text, char separator, const Take& take) {
    while (true) {
        const auto end = text.find(separator);
        take(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus) {
            result += ' ';
        } else if (text[i] != '%') {
            result += text[i];
        } else {
            const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            result += static_cast<char>(16 * high + low);
            i += 2;
        }
    }
    return result;
}

RequestTarget parse_target(std::string_view target) {
    RequestTarget result;
    const auto question = target.find('?');
    auto path = target.substr(0, question);
    if (path.starts_with('/')) path.remove_prefix(1);
    if (!path.empty()) {
        for_each_piece(path, '/', [&](std::string_view segment) {
            result.path.push_back(decoded(segment, false));
        });
    }
    if (question == std::string_view::npos) return result;
    for_each_piece(target.substr(question + 1), '&', [&](std::string_view pair) {
        if (pair.empty()) return;
        const auto equals = pair.find('=');
        const auto value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        result.query.emplace_back(decoded(pair.substr(0, equals), true), decoded(value, true));
    });
    return result;
}

}  // namespace pmatch::cli
