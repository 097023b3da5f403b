/// Bodies of the type multipart/form-data (RFC 7578), as browsers and curl send files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pmatch::cli {

struct FormPart {
    std::string name;
    std::string filename;
    std::string type;       ///< its Content-Type; empty without one
    std::string_view body;  ///< of the request's body, which must outlive it
};

/// "image/png" of "Image/PNG; charset=x".
std::string media_type(std::string_view content_type);

/// The value of a parameter of a header: "x" for "boundary" in `multipart/form-data; boundary="x"`.
/// Empty without one. `name` in lower case.
std::string header_parameter(std::string_view header, std::string_view name);

/// `boundary` as in the request's content type. Throws BadRequest for a body that is not well
/// formed or has too many parts.
std::vector<FormPart> parse_multipart(std::string_view body, const std::string& boundary);

}  // namespace pmatch::cli
