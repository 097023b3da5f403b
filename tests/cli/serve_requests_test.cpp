#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/serve/http/base64.hpp"
#include "cli/serve/http/multipart.hpp"
#include "cli/serve/http/request_error.hpp"
#include "cli/serve/http/request_target.hpp"
#include "cli/serve/requests/search_request.hpp"

using namespace pmatch;
using namespace pmatch::cli;

namespace {

const std::string kForm =
    "preamble\r\n--XY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"b.png\"\r\n"
    "content-type: Image/PNG\r\n\r\n\x89PNG\r\n--X\r\n--XY\r\n"
    "Content-Disposition: form-data; name=top_k\r\n\r\n5\r\n--XY\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--XY--\r\n";

int status_of(const std::string& body) {
    try {
        parse_text_search(body);
    } catch (const RequestError& error) {
        return error.status();
    }
    return 200;
}

}  // namespace

TEST_CASE("an address is split before it is decoded") {
    const auto target = parse_target("/items/a%2Fb%20c/?size=1+2&x&%C3%A4=%3D");
    CHECK(target.path == std::vector<std::string>{"items", "a/b c", ""});
    CHECK(target.query == Parameters{{"size", "1 2"}, {"x", ""}, {"ä", "="}});
    CHECK(parse_target("/").path.empty());
}

TEST_CASE("an address with malformed escapes is refused") {
    for (const char* target : {"/%", "/%4", "/%zz", "/a?b=%g0", "/%ff", "/%00"})
        CHECK_THROWS_AS(parse_target(target), BadRequest);
}

TEST_CASE("base64 has the values of RFC 4648") {
    const std::vector<std::pair<std::string, std::string>> known{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : known) {
        CHECK(base64_encoded(bytes) == text);
        CHECK(base64_decoded(text) == bytes);
    }
    CHECK(base64_decoded("Zm8") == "fo");
    CHECK(base64_decoded("-_-_") == base64_decoded("+/+/"));
    for (const char* bad : {"Z", "Zm9v!", "Zm 9v", "Zm=9", "data:image/png;base64,Zm9v"})
        CHECK_FALSE(base64_decoded(bad).has_value());
}

TEST_CASE("a form has its parts, and a boundary within a picture is none") {
    const auto parts = parse_multipart(kForm, "XY");
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].name == "file");
    CHECK(parts[0].filename == "a\"b.png");
    CHECK(parts[0].type == "image/png");
    CHECK(parts[0].body == "\x89PNG\r\n--X");
    CHECK(parts[1].name == "top_k");
    CHECK(parts[1].body == "5");
    CHECK(parts[2].body.empty());
    CHECK(header_parameter("multipart/form-data; charset=x; Boundary=\"X Y\"", "boundary") ==
          "X Y");
    CHECK(header_parameter("multipart/form-data", "boundary").empty());
}

TEST_CASE("a form that breaks off anywhere is refused") {
    const auto end = kForm.find("--XY--");
    for (std::size_t size = 0; size < end + 4; ++size)
        CHECK_THROWS_AS(parse_multipart(kForm.substr(0, size), "XY"), BadRequest);
    CHECK_THROWS_AS(parse_multipart(kForm, ""), BadRequest);
    CHECK_THROWS_AS(parse_multipart("--a\r\nname\r\n\r\n\r\n--a--", "a"), BadRequest);
}

TEST_CASE("a text search has its options, and words with single blanks") {
    const auto request = parse_text_search(
        R"({"query": " red\t  mug\n", "top_k": 5.0, "preset": "text", "where": "price < 20",
            "collapse": "colour", "explain": true, "min_score": -1.5, "image_weight": 0.25})");
    REQUIRE(request.queries.size() == 1);
    CHECK(request.queries[0].parts[0].text == "red mug");
    CHECK(request.top == 5);
    CHECK(request.ranking.preset == "text");
    CHECK(request.ranking.where == "price < 20");
    CHECK(request.ranking.collapse == "colour");
    CHECK(request.ranking.min_score == -1.5);
    CHECK(request.ranking.image_weight == 0.25);
    CHECK(request.explain);
}

TEST_CASE("a text search that is not well formed is refused") {
    for (const char* body :
         {"", "[]", "null", "{", R"({"query": 1})", R"({"query": ""})", R"({"query": "a"} x)",
          R"({"query": "a", "top_k": 0})", R"({"query": "a", "top_k": 1.5})",
          R"({"query": "a", "top_k": 3e9})", R"({"query": "a", "top_k": true})",
          R"({"query": "a", "topk": 3})", R"({"query": "a", "explain": "yes"})",
          R"({"query": "a", "preset": null})", R"({"query": "a", "image_weight": 1.1})",
          R"({"query": "a", "min_score": 1e999})", "{\"query\": \"\xff\"}"})
        CHECK_MESSAGE(status_of(body) == 400, body);
    CHECK(status_of("{\"query\":" + std::string(100'000, '[')) == 400);
    CHECK(status_of("{\"query\": \"" + std::string(kLongestText, 'a') + "\"}") == 200);
    CHECK(status_of("{\"query\": \"" + std::string(kLongestText + 1, 'a') + "\"}") == 400);
}

TEST_CASE("a mixed search has texts and pictures with weights and boxes") {
    const std::vector<FormPart> files{{"photo", "p.jpg", "image/jpeg", "bytes"}};
    const auto request = parse_mixed_search(
        R"({"parts": [{"text": "red"}, {"text": "lid", "weight": -0.5}, {"image": "Zm9v"},
                      {"file": "photo", "crop": {"x": 0.5, "width": 0.25}}], "top_k": 3})",
        files);
    const auto& parts = request.queries.at(0).parts;
    REQUIRE(parts.size() == 4);
    CHECK(parts[1].weight == -0.5);
    CHECK(parts[2].picture == "foo");
    CHECK(parts[3].picture == "bytes");
    REQUIRE(parts[3].crop);
    CHECK(parts[3].crop->x == 0.5);
    CHECK(parts[3].crop->y == 0);
    CHECK(parts[3].crop->width == 0.25);
    CHECK(parts[3].crop->height == 1);
    for (const char* body :
         {R"({"parts": []})", R"({"parts": [{}]})",
          R"({"parts": [{"text": "a", "image": "Zm9v"}]})", R"({"parts": [{"image": "!"}]})",
          R"({"parts": [{"file": "other"}]})", R"({"parts": [{"text": "a", "weight": 0}]})",
          R"({"parts": [{"text": null}]})", R"({"parts": [{"text": "a", "crop": {}}]})",
          R"({"parts": [{"image": "Zm9v", "crop": {"width": 0}}]})",
          R"({"parts": [{"image": "Zm9v", "crop": [0, 0, 1, 1]}]})"})
        CHECK_THROWS_AS(parse_mixed_search(body, files), BadRequest);
}

TEST_CASE("a batch has 1 to 64 queries with ids of their own or numbers") {
    const auto request = parse_batch_search(
        R"({"queries": [{"query": "a"}, {"id": "x", "parts": [{"text": "b"}]}]})");
    CHECK(request.batch);
    REQUIRE(request.queries.size() == 2);
    CHECK(request.queries[0].id == "1");
    CHECK(request.queries[1].id == "x");
    std::string many = R"({"query": "a"})";
    for (std::size_t i = 1; i < kMostQueries; ++i)
        many += R"(,{"query": "a"})";
    CHECK(parse_batch_search("{\"queries\": [" + many + "]}").queries.size() == 64);
    CHECK_THROWS_AS(parse_batch_search("{\"queries\": [" + many + ",{\"query\": \"a\"}]}"),
                    BadRequest);
    CHECK_THROWS_AS(parse_batch_search(R"({"queries": []})"), BadRequest);
}

TEST_CASE("options of a picture are parameters, whose types are told from their names") {
    const auto request = parse_picture_search("bytes", {{"top_k", "7"},
                                                        {"explain", "True"},
                                                        {"where", "1"},
                                                        {"crop", "0,0.5,1,0.5"},
                                                        {"text", "red"}});
    CHECK(request.top == 7);
    CHECK(request.explain);
    CHECK(request.ranking.where == "1");
    const auto& parts = request.queries.at(0).parts;
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].picture == "bytes");
    CHECK(parts[0].crop.value().height == 0.5);
    CHECK(parts[1].text == "red");
    const std::vector<Parameters> wrong{{{"top_k", "seven"}},
                                        {{"top_k", ""}},
                                        {{"crop", "0,0,1"}},
                                        {{"crop", "0,0,1,1],[1"}},
                                        {{"crop", "0,0,0,1"}},
                                        {{"explain", "maybe"}},
                                        {{"top_k", "1"}, {"top_k", "2"}},
                                        {{"k", "1"}}};
    for (const auto& options : wrong)
        CHECK_THROWS_AS(parse_picture_search("bytes", options), BadRequest);
    CHECK_THROWS_AS(parse_picture_search("", {}), BadRequest);
}

TEST_CASE("requests with the same answer have the same key, and all others another") {
    const auto key = [](const char* body) { return cache_key(parse_text_search(body)); };
    CHECK(key(R"({"query": "red mug"})") == key(R"({"top_k": 10, "query": " red  mug "})"));
    std::vector<std::string> keys{
        key(R"({"query": "a"})"),
        key(R"({"query": "b"})"),
        key(R"({"query": "a", "top_k": 9})"),
        key(R"({"query": "a", "preset": "text"})"),
        key(R"({"query": "a", "where": "text"})"),
        key(R"({"query": "a", "collapse": "text"})"),
        key(R"({"query": "a", "explain": true})"),
        key(R"({"query": "a", "min_score": 1})"),
        key(R"({"query": "a", "image_weight": 1})"),
        cache_key(parse_batch_search(R"({"queries": [{"query": "a"}]})")),
        cache_key(parse_mixed_search(R"({"parts": [{"text": "a"}, {"text": "b"}]})", {})),
        cache_key(
            parse_mixed_search(R"({"parts": [{"text": "a"}, {"text": "b", "weight": -1}]})", {})),
        cache_key(parse_picture_search("a", {})),
        cache_key(parse_picture_search("b", {})),
        cache_key(parse_picture_search("a", {{"crop", "0,0,1,0.5"}}))};
    std::sort(keys.begin(), keys.end());
    CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}
