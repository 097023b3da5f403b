/// The page at /: cli/serve/answers/page.html, embedded at build time.
#pragma once

#include <memory>
#include <string>

namespace pmatch::cli {

std::shared_ptr<const std::string> shared_page();

/// Its Content-Security-Policy: only its own style and script, by their hashes, only pictures of
/// this server, and requests to nothing else.
std::string page_policy();

}  // namespace pmatch::cli
