#include "cli/serve/requests/request_json.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "core/text/ascii.hpp"
#include "core/text/json_error_text.hpp"

namespace pmatch::cli {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;

/// "0.1,0.2,0.5,0.5" as {"x": 0.1, …}; anything else stays as it is, to be refused.
Json crop_of(const std::string& text) {
    const auto list = Json::parse("[" + text + "]", nullptr, /*allow_exceptions=*/false);
    if (list.is_discarded() || list.size() != 4) return text;
    Json box;
    constexpr std::array kSides{"x", "y", "width", "height"};
    for (std::size_t i = 0; i < kSides.size(); ++i)
        box[kSides.at(i)] = list[i];
    return box;
}

Json typed(const std::string& key, const std::string& text) {
    if (key == "crop") return crop_of(text);
    const bool number = key == "top_k" || key == "min_score" || key == "image_weight";
    if (!number && key != "explain") return text;
    auto value = Json::parse(ascii::lowercase(text), nullptr, /*allow_exceptions=*/false);
    return value.is_primitive() && !value.is_discarded() ? value : Json(text);
}

}  // namespace

Json parse_request_json(std::string_view body) {
    const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
        if (depth > kDeepest) throw BadRequest{"the JSON is nested too deeply", kRequestAdvice};
        return true;
    };
    try {
        return Json::parse(body, check_depth);
    } catch (const Json::exception& error) {
        throw BadRequest{fmt::format("this is not JSON: {}", json_complaint(error)),
                         kRequestAdvice};
    }
}

Json json_of(const Parameters& parameters) {
    auto object = Json::object();
    for (const auto& [key, value] : parameters) {
        if (object.contains(key))
            throw BadRequest{fmt::format("the parameter '{}' is given twice", key), "give it once"};
        object[key] = typed(key, value);
    }
    return object;
}

}  // namespace pmatch::cli
