#include "cli/serve/answers/openapi.hpp"

#include <nlohmann/json.hpp>

#include "cli/serve/answers/embedded_files.hpp"
#include "core/common/version.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {

namespace {

/// What is there only with --allow-url-fetch.
constexpr const char* kMark = "x-url-fetch";

/// Removes the marks, or what is marked.
void settle_marks(nlohmann::ordered_json& json, bool keep) {
    const auto is_marked = [](const auto& value) {
        return value.is_object() && value.contains(kMark);
    };
    for (auto at = json.begin(); at != json.end();) {
        if (is_marked(*at) && !keep) {
            at = json.erase(at);
            continue;
        }
        if (at->is_object()) at->erase(kMark);
        if (at->is_structured()) settle_marks(*at, keep);
        ++at;
    }
}

}  // namespace

std::string_view openapi_file() {
    return kOpenApiFile;
}

std::string openapi_document(std::string_view target, bool urls) {
    auto document = nlohmann::ordered_json::parse(openapi_file());
    settle_marks(document, urls);
    document["info"]["version"] = kVersion;
    const auto base = std::string(target.substr(0, target.find("/openapi.json")));
    document["servers"] = {{{"url", base.empty() ? "/" : base}}};
    return json_text(document, 1) + "\n";
}

}  // namespace pmatch::cli
