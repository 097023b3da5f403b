#include "core/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

/// Replaces characters by `replacement(c)`; those for which it is empty stay.
template <typename Replacement>
std::string replaced(std::string_view text, const Replacement& replacement) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        const std::string_view other = replacement(c);
        if (other.empty()) {
            result += c;
        } else {
            result += other;
        }
    }
    return result;
}

/// In quotes, those inside doubled.
std::string in_quotes(std::string_view text) {
    return '"' + replaced(text, [](char c) { return c == '"' ? "\"\"" : ""; }) + '"';
}

using ascii::is_alphanumeric;

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

const char* markup(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        default:
            return "";
    }
}

}  // namespace

std::string html_escaped(std::string_view text) {
    return replaced(text, [](char c) { return c == '\'' ? "&#39;" : markup(c); });
}

std::string xml_escaped(std::string_view text) {
    return replaced(text, [](char c) {
        if (c == '\n') return "&#10;";
        if (c == '\t') return "&#9;";
        return is_control(c) ? " " : markup(c);
    });
}

std::string csv_cell(std::string_view text) {
    const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos;
    return plain ? std::string(text) : in_quotes(text);
}

std::string tsv_cell(std::string_view text) {
    return replaced(text, [](char c) {
        switch (c) {
            case '\t':
                return "\\t";
            case '\n':
                return "\\n";
            case '\r':
                return "\\r";
            case '\\':
                return "\\\\";
            default:
                return "";
        }
    });
}

std::string markdown_cell(std::string_view text) {
    return replaced(text, [](char c) {
        if (c == '|') return "\\|";
        if (c == '\\') return "\\\\";
        return c == '\n' || c == '\r' ? " " : "";
    });
}

std::string shell_word(std::string_view text) {
    const auto is_plain = [](char c) {
        return is_alphanumeric(c) ||
               std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    if (std::none_of(text.begin(), text.end(), is_control))
        return '\'' + replaced(text, [](char c) { return c == '\'' ? "'\\''" : ""; }) + '\'';
    std::string quoted = "$'";
    for (const char c : text) {
        if (is_control(c)) {
            quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        } else {
            if (c == '\'' || c == '\\') quoted += '\\';
            quoted += c;
        }
    }
    return quoted + '\'';
}

std::string sql_name(std::string_view text) {
    return in_quotes(text);
}

std::string percent_encoded(std::string_view text, std::string_view plain) {
    std::string result;
    for (const char c : text) {
        if (is_alphanumeric(c) || plain.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

}  // namespace pmatch
