/// The description of the service for programs: cli/serve/answers/openapi.json, embedded at build
/// time.
#pragma once

#include <string>
#include <string_view>

namespace pmatch::cli {

/// The file as it is written.
std::string_view openapi_file();

/// With this program's version, and the address of the service as seen from `target`, the path that
/// was asked for: "/c/shop" before "/openapi.json". What is marked "x-url-fetch" is there only with
/// `urls`.
std::string openapi_document(std::string_view target, bool urls);

}  // namespace pmatch::cli
