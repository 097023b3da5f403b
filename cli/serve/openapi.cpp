#include "cli/serve/openapi.hpp"

#include <nlohmann/json.hpp>

#include "cli/serve/embedded_files.hpp"
#include "core/common/version.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {

std::string_view openapi_file() {
    return kOpenApiFile;
}

std::string openapi_document(std::string_view target) {
    auto document = nlohmann::ordered_json::parse(openapi_file());
    document["info"]["version"] = kVersion;
    const auto base = std::string(target.substr(0, target.find("/openapi.json")));
    document["servers"] = {{{"url", base.empty() ? "/" : base}}};
    return json_text(document, 1) + "\n";
}

}  // namespace pmatch::cli
