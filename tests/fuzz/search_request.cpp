/// Bodies of requests as JSON, and their values as parameters of a picture.
#include "cli/serve/requests/search_request.hpp"
#include "cli/serve/http/base64.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, size));
    const auto check = [](const cli::SearchRequest& request) {
        fuzz::require(!request.queries.empty() && request.top > 0);
        for (const auto& query : request.queries) {
            fuzz::require(!query.parts.empty() && query.parts.size() <= cli::kMostParts);
            for (const auto& part : query.parts)
                fuzz::require(part.weight != 0 && (part.is_picture() || !part.crop));
        }
        fuzz::require(!cli::cache_key(request).empty());
    };
    fuzz::allow_errors([&] { check(cli::parse_text_search(text)); });
    fuzz::allow_errors([&] { check(cli::parse_mixed_search(text, {{"a", "", "", "bytes"}})); });
    fuzz::allow_errors([&] { check(cli::parse_batch_search(text)); });
    fuzz::allow_errors([&] { (void)cli::parse_embed(text); });
    for (const char* name : {"top_k", "crop", "explain", "min_score", "where", "text"})
        fuzz::allow_errors([&] { check(cli::parse_picture_search("bytes", {{name, text}})); });
    if (const auto bytes = cli::base64_decoded(text))
        fuzz::require(cli::base64_decoded(cli::base64_encoded(*bytes)) == bytes);
    return 0;
}
