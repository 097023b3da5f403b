/// Requests that are refused, with the status that HTTP has for it.
#pragma once

#include <string>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch::cli {

class RequestError : public Error {
public:
    RequestError(int status, const std::string& what, Remedy remedy)
        : Error(what, {}, std::move(remedy)), status_(status) {}

    int status() const { return status_; }

private:
    int status_;
};

/// 400: the request itself is malformed. What fits the schema but not the collection is a
/// UsageError, which becomes 422.
class BadRequest : public RequestError {
public:
    BadRequest(const std::string& what, Remedy remedy)
        : RequestError(400, what, std::move(remedy)) {}
};

}  // namespace pmatch::cli
