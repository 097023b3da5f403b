/// The first line of a request: path, query, escapes.
#include "cli/serve/http/request_target.hpp"
#include "core/text/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::allow_errors([&] {
        const auto target = cli::parse_target(fuzz::text_of(data, size));
        for (const auto& segment : target.path)
            fuzz::require(utf8::is_clean(segment));
        for (const auto& [name, value] : target.query)
            fuzz::require(utf8::is_clean(name) && utf8::is_clean(value));
    });
    return 0;
}
