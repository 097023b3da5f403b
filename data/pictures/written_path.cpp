#include "data/pictures/written_path.hpp"

#include <algorithm>
#include <filesystem>

#include "data/decoders/picture_decoders.hpp"
#include "data/formats/input_file.hpp"

namespace pmatch {
namespace {

std::string with_slashes(std::string text) {
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

std::string without_query(const std::string& text) {
    return text.substr(0, text.find_first_of("?#"));
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(const std::string& text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                            hex_value(text[i + 2]) >= 0;
        if (escape) {
            decoded += static_cast<char>(16 * hex_value(text[i + 1]) + hex_value(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string without_leading_slashes(const std::string& text) {
    return text.substr(std::min(text.find_first_not_of('/'), text.size()));
}

bool is_named_like_a_picture(const std::string& part) {
    return detail::is_picture_extension(lower_extension(without_query(part)));
}

}  // namespace

std::vector<std::string> other_spellings(std::string_view written) {
    std::vector<std::string> spellings;
    const auto add = [&](const std::string& text) {
        const bool known = text.empty() || text == written ||
                           std::find(spellings.begin(), spellings.end(), text) != spellings.end();
        if (!known) spellings.push_back(text);
    };
    const auto slashes = with_slashes(std::string(written));
    const auto bare = without_query(slashes);
    for (const auto& text :
         {std::string(written), slashes, percent_decoded(slashes), bare, percent_decoded(bare)}) {
        add(text);
        add(without_leading_slashes(text));
    }
    return spellings;
}

std::vector<std::string> parts_of_list(std::string_view written) {
    constexpr std::string_view kBlanks = " \t\r\n";
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= written.size();) {
        const auto end = std::min(written.find_first_of(",;", at), written.size());
        const auto part = written.substr(at, end - at);
        const auto first = part.find_first_not_of(kBlanks);
        if (first != std::string_view::npos)
            parts.emplace_back(part.substr(first, part.find_last_not_of(kBlanks) + 1 - first));
        at = end + 1;
    }
    if (parts.size() > 1 && std::all_of(parts.begin(), parts.end(), is_named_like_a_picture))
        return parts;
    return {std::string(written)};
}

}  // namespace pmatch
