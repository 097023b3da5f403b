/// Internal: JSON bodies of requests, and parameters as if they were JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/serve/http/request_error.hpp"
#include "cli/serve/http/request_target.hpp"
#include "core/text/json_fields.hpp"

namespace pmatch::cli {

inline constexpr const char* kRequestAdvice = "/openapi.json describes what is understood";

/// Throws BadRequest for what is not JSON, or nested deeper than any request is.
nlohmann::json parse_request_json(std::string_view body);

/// Numbers, truth values and the box of "crop" (x,y,width,height) with their types, all else as
/// strings. Throws BadRequest for a parameter given twice.
nlohmann::json json_of(const Parameters& parameters);

/// Reads an object with `read(fields, request)`; fields it does not ask for are refused. Throws
/// BadRequest.
template <typename Request, typename Read>
Request read_object(const nlohmann::json& json, const Read& read) {
    try {
        Request request;
        JsonFields fields(json, {}, {}, kRequestAdvice, JsonFields::Voice::kPerson);
        read(fields, request);
        fields.refuse_unknown();
        return request;
    } catch (const RequestError&) {
        throw;
    } catch (const Error& error) {
        throw BadRequest{error.what(), error.remedy()};
    }
}

template <typename Request, typename Read>
Request read_request(std::string_view body, const Read& read) {
    return read_object<Request>(parse_request_json(body), read);
}

}  // namespace pmatch::cli
