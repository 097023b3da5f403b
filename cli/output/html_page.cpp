#include "cli/output/html_page.hpp"

#include <fmt/format.h>

#include "core/text/escape.hpp"
#include "data/pictures/thumbnail.hpp"

namespace pmatch::cli {
namespace {

constexpr const char* kBeforeTitle =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
constexpr const char* kAfterTitle = R"html(</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
body { font: 14px/1.4 sans-serif; margin: 1em; color: #222; background: #fff }
section { display: flex; gap: 1.5em; border-top: 1px solid #ccc; padding: 1em 0 }
.query { flex: 0 0 16em; overflow-wrap: anywhere }
.items { display: flex; flex-wrap: wrap; gap: 1em; flex: 1 }
.item { width: 13em; overflow-wrap: anywhere }
.pair { width: 22em } .pair p { margin: 0 0 .3em; font-size: 12px; color: #0a6 }
svg { max-width: 100%; height: auto; display: block; margin-bottom: .3em }
svg line { stroke: #0c7; stroke-width: 1 } svg circle { fill: none; stroke: #f08; stroke-width: 1.2 }
img { max-width: 100%; display: block; margin-bottom: .3em }
.medoid { outline: 2px solid #06c; outline-offset: .3em }
h3 { margin: 0 0 .5em; width: 100% }
.score { color: #06c } .problem { color: #b00 } .id { color: #777 }
table { border-collapse: collapse; font-size: 11px; width: 100% }
td, th { text-align: right; padding: 0 .3em; border-top: 1px solid #eee; font-weight: normal }
td:first-child, th:first-child { text-align: left }
</style></head><body>
)html";

}  // namespace

std::string html_head(const std::string& title) {
    return kBeforeTitle + html_escaped(title) + kAfterTitle;
}

std::string html_picture(const std::filesystem::path& file, int side) {
    const auto uri = thumbnail_uri(file, side);
    return uri.empty() ? "" : fmt::format("<img alt=\"\" src=\"{}\">\n", uri);
}

}  // namespace pmatch::cli
