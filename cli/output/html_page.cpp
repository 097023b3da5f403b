#include "cli/output/html_page.hpp"

#include <fmt/format.h>

#include "core/text/escape.hpp"
#include "data/pictures/thumbnail.hpp"

namespace pmatch::cli {
namespace {

constexpr const char* kBeforeTitle =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
constexpr const char* kAfterTitle = R"html(</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; --paper: #fff; --raised: #f4f5f7; --ink: #1a1c20; --soft: #565c66; --line: #c9cdd4;
        --accent: #0b57a4; --good: #176b34; --bad: #a11; font: 16px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --raised: #212429; --ink: #e9eaed; --soft: #aab0ba; --line: #454a53; --accent: #8ec1ff;
          --good: #7fd39a; --bad: #ff9b90 }
}
body { background: var(--paper); color: var(--ink); margin: 0 auto; max-width: 84rem; padding: 1rem }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .5rem; width: 100% }
.legend, .id { color: var(--soft); font-size: .875rem }
section { border-top: 1px solid var(--line); display: flex; gap: 1.5rem; padding: 1rem 0 }
.query { flex: 0 0 15rem; min-width: 0; overflow-wrap: break-word }
.items { display: grid; flex: 1; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
         min-width: 0 }
.items h2, .pair { grid-column: 1 / -1 }
.item { background: var(--raised); border-radius: .5rem; min-width: 0; overflow-wrap: break-word; padding: .75rem }
.pair p { color: var(--good); font-size: .875rem; margin: 0 0 .3em }
svg { max-width: 100%; height: auto; display: block; margin-bottom: .3em }
svg line { stroke: #0c7; stroke-width: 1 } svg circle { fill: none; stroke: #f08; stroke-width: 1.2 }
img { border-radius: .25rem; display: block; margin-bottom: .3em; max-width: 100% }
.medoid { outline: 2px solid var(--accent) }
.price { font-weight: 600 } .score { color: var(--accent) } .problem { color: var(--bad) }
* { box-sizing: border-box }
table { border-collapse: collapse; font-size: .75rem; font-variant-numeric: tabular-nums; width: 100% }
td, th { border-top: 1px solid var(--line); font-weight: normal; padding: 0 .25em; text-align: right; white-space: nowrap }
td:first-child, th:first-child { text-align: left; white-space: normal }
.figures { font-size: .875rem; margin-bottom: 1rem; overflow-x: auto }
.figures table { font-size: inherit; width: auto }
.figures td, .figures th { padding: .125rem .75rem .125rem 0 }
.figures tr:first-child th, .figures td:first-child { font-weight: 600 }
.quiet { color: var(--soft) }
@media (max-width: 40rem) { section { display: block } .query img { max-width: 10rem } }
</style></head><body><main>
)html";

}  // namespace

std::string html_head(const std::string& title, const std::string& legend) {
    const auto heading = html_escaped(title);
    return fmt::format("{0}{1}{2}<h1>{1}</h1>\n<p class=\"legend\">{3}</p>\n", kBeforeTitle,
                       heading, kAfterTitle, html_escaped(legend));
}

std::string html_tail() {
    return "</main></body></html>\n";
}

std::string html_picture(const std::filesystem::path& file, int side) {
    const auto uri = thumbnail_uri(file, side);
    return uri.empty() ? "" : fmt::format("<img alt=\"\" src=\"{}\">\n", uri);
}

}  // namespace pmatch::cli
