#include "cli/serve/answers/page.hpp"

#include <fmt/format.h>

#include <string_view>

#include "cli/serve/answers/embedded_files.hpp"
#include "cli/serve/http/base64.hpp"
#include "cli/serve/http/request_target.hpp"
#include "models/package/sha256.hpp"

namespace pmatch::cli {
namespace {

/// What stands between the tags, without attributes.
std::string_view content_of(std::string_view page, std::string_view tag) {
    const auto opening = fmt::format("<{}>", tag);
    const auto begin = page.find(opening);
    if (begin == std::string_view::npos) return {};
    page.remove_prefix(begin + opening.size());
    return page.substr(0, page.find(fmt::format("</{}>", tag)));
}

/// "'sha256-…'" as policies have it.
std::string source_of(std::string_view text) {
    std::string escapes;
    const auto hexadecimal = sha256(text);
    for (std::size_t i = 0; i < hexadecimal.size(); i += 2)
        escapes += "%" + hexadecimal.substr(i, 2);
    return fmt::format("'sha256-{}'", base64_encoded(percent_decoded(escapes, false).value_or("")));
}

}  // namespace

std::shared_ptr<const std::string> shared_page() {
    static const auto page = std::make_shared<const std::string>(kPageFile);
    return page;
}

std::string page_policy() {
    static const auto policy = fmt::format(
        "default-src 'none'; img-src 'self' blob: data:; style-src {}; script-src {}; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        source_of(content_of(kPageFile, "style")), source_of(content_of(kPageFile, "script")));
    return policy;
}

}  // namespace pmatch::cli
