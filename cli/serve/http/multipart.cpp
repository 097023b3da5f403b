#include "cli/serve/http/multipart.hpp"

#include <fmt/format.h>

#include "cli/serve/http/request_error.hpp"
#include "core/text/ascii.hpp"
#include "core/text/utf8.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kMostParts = 200;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046
constexpr std::string_view kLineEnd = "\r\n";

[[noreturn]] void refuse(const std::string& what) {
    throw BadRequest{"the form is not well formed: " + what,
                     "send multipart/form-data as browsers and curl -F do"};
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The string after a quotation mark, without its escapes; `at` is set behind the closing mark.
std::string quoted(std::string_view text, std::size_t& at) {
    std::string value;
    for (; at < text.size() && text[at] != '"'; ++at) {
        const bool escape = text[at] == '\\' && at + 1 < text.size() &&
                            (text[at + 1] == '"' || text[at + 1] == '\\');
        if (escape) ++at;
        value += text[at];
    }
    if (at < text.size()) ++at;
    return value;
}

void read_header(std::string_view line, FormPart& part) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) refuse("a header of a part has no colon");
    const auto name = ascii::lowercase(trimmed(line.substr(0, colon)));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "content-type") part.type = media_type(value);
    if (name != "content-disposition") return;
    part.name = header_parameter(value, "name");
    part.filename = header_parameter(value, "filename");
}

/// `text` begins behind a boundary's line and ends before the next one.
FormPart read_part(std::string_view text) {
    FormPart part;
    while (true) {
        const auto end = text.find(kLineEnd);
        if (end == std::string_view::npos) refuse("a part has no empty line after its headers");
        const auto line = text.substr(0, end);
        text.remove_prefix(end + kLineEnd.size());
        if (line.empty()) break;
        read_header(line, part);
    }
    if (part.name.empty()) refuse("a part has no name");
    if (!utf8::is_clean(part.name)) refuse("a part's name is not UTF-8");
    part.body = text;
    return part;
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return ascii::lowercase(trimmed(content_type.substr(0, content_type.find(';'))));
}

std::string header_parameter(std::string_view header, std::string_view name) {
    auto at = header.find(';');
    while (at != std::string_view::npos && at < header.size()) {
        const auto equals = header.find('=', at);
        if (equals == std::string_view::npos) return {};
        const auto key = ascii::lowercase(trimmed(header.substr(at + 1, equals - at - 1)));
        std::string value;
        at = equals + 1;
        if (at < header.size() && header[at] == '"') {
            value = quoted(header, ++at);
        } else {
            const auto end = header.find(';', at);
            value = trimmed(header.substr(at, end - at));
        }
        if (key == name) return value;
        at = header.find(';', at);
    }
    return {};
}

std::vector<FormPart> parse_multipart(std::string_view body, const std::string& boundary) {
    if (boundary.empty() || boundary.size() > kLongestBoundary)
        refuse("its boundary is missing or too long");
    const auto opening = "--" + boundary;
    const auto delimiter = "\r\n" + opening;
    auto at = body.starts_with(opening) ? opening.size() : body.find(delimiter);
    if (at == std::string_view::npos) refuse("its boundary does not occur");
    if (!body.starts_with(opening)) at += delimiter.size();  // a preamble, which has no meaning
    std::vector<FormPart> parts;
    while (!body.substr(at).starts_with("--")) {
        const auto line_end = body.find(kLineEnd, at);
        if (line_end == std::string_view::npos) refuse("it ends within a boundary");
        const auto begin = line_end + kLineEnd.size();
        // An empty part's delimiter shares its line end with the boundary before.
        const auto end = body.find(delimiter, line_end);
        if (end == std::string_view::npos) refuse("its last boundary is missing");
        if (end < begin) refuse("a part has no headers");
        if (parts.size() == kMostParts) refuse(fmt::format("more than {} parts", kMostParts));
        parts.push_back(read_part(body.substr(begin, end - begin)));
        at = end + delimiter.size();
    }
    return parts;
}

}  // namespace pmatch::cli
