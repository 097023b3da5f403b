/// Forms: the first line is the content type, the rest the body.
#include "cli/serve/http/multipart.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto line = text.find('\n');
    const auto type = text.substr(0, line);
    const auto body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
    (void)cli::media_type(type);
    fuzz::allow_errors([&] {
        for (const auto& part :
             cli::parse_multipart(body, cli::header_parameter(type, "boundary"))) {
            fuzz::require(!part.name.empty());
            fuzz::require(part.body.data() >= body.data() &&
                          part.body.data() + part.body.size() <= body.data() + body.size());
        }
    });
    return 0;
}
