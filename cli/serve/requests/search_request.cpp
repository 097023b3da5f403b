#include "cli/serve/requests/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/serve/http/base64.hpp"
#include "cli/serve/http/request_error.hpp"
#include "cli/serve/requests/request_json.hpp"
#include "core/files/hash.hpp"
#include "core/text/ascii.hpp"
#include "core/text/json_fields.hpp"
#include "core/text/utf8.hpp"

namespace pmatch::cli {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::max();

/// Also 5.0, which is a whole number to JSON Schema.
int read_top(JsonFields& fields, int otherwise) {
    constexpr int kMost = std::numeric_limits<int>::max();
    const auto* value = fields.find("top_k");
    if (value == nullptr) return otherwise;
    if (value->is_number_float() && std::trunc(value->get<double>()) == value->get<double>() &&
        value->get<double>() >= 1 && value->get<double>() <= kMost) {
        return static_cast<int>(value->get<double>());
    }
    return fields.integer_or("top_k", otherwise, 1, kMost);
}

void read_options(JsonFields& fields, SearchRequest& request) {
    auto& ranking = request.ranking;
    request.top = read_top(fields, request.top);
    ranking.preset = fields.text_or("preset", {});
    ranking.where = fields.text_or("where", {});
    ranking.collapse = fields.text_or("collapse", {});
    request.explain = fields.boolean_or("explain", false);
    if (fields.find("min_score") != nullptr)
        ranking.min_score = fields.number("min_score", -kUnlimited, kUnlimited);
    if (fields.find("image_weight") != nullptr)
        ranking.image_weight = fields.number("image_weight", 0, 1);
}

/// Words with single blanks between them, so that equal questions are equal.
std::string normalised(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0'; };
    std::string result;
    for (const char c : text) {
        if (!is_blank(c)) {
            result += c;
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (result.ends_with(' ')) result.pop_back();
    return result;
}

std::string read_text(JsonFields& fields, const char* key) {
    const auto text = fields.text_or(key, {});
    if (text.empty()) fields.fail_missing(key, "a string");
    const auto length =
        std::count_if(text.begin(), text.end(), [](char c) { return !utf8::is_continuation(c); });
    if (static_cast<std::size_t>(length) > kLongestText)
        fields.fail(key, length, fmt::format("a string of at most {} characters", kLongestText));
    return normalised(text);
}

std::optional<Crop> read_crop(JsonFields& fields) {
    const auto* value = fields.find("crop");
    if (value == nullptr) return std::nullopt;
    if (value->is_string())
        fields.fail("crop", *value,
                    "x,y,width,height as shares of the picture, such as 0,0.5,1,0.5");
    auto box = fields.object("crop");
    const Crop crop{box.number_or("x", 0, 0, 1), box.number_or("y", 0, 0, 1),
                    box.number_or("width", 1, 0, 1), box.number_or("height", 1, 0, 1)};
    box.refuse_unknown();
    if (crop.width > 0 && crop.height > 0) return crop;
    box.fail({}, box.json(), "a box with a width and a height above 0");
}

std::string read_picture(JsonFields& fields, const char* key) {
    auto bytes = base64_decoded(fields.text_or(key, {}));
    if (bytes && !bytes->empty()) return *std::move(bytes);
    fields.fail(key, fields.at(key), "a picture file in base64");
}

/// Whether it is one that can be fetched is found out by fetching it.
std::string read_url(JsonFields& fields) {
    auto url = fields.text_or("image_url", {});
    const auto start = ascii::lowercase(url.substr(0, url.find("://")));
    const bool printable =
        std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if ((start == "http" || start == "https") && printable && url.size() <= kLongestUrl) return url;
    fields.fail("image_url", fields.at("image_url"),
                fmt::format("a URL that begins with http:// or https://, of at most {} characters, "
                            "percent-encoded",
                            kLongestUrl));
}

std::string picture_of(JsonFields& fields, const std::vector<FormPart>& files) {
    const auto name = fields.text_or("file", {});
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const FormPart& file) { return file.name == name; });
    if (found != files.end() && !found->body.empty()) return std::string(found->body);
    fields.fail("file", name, "the name of a part of the form that has a picture");
}

double read_weight(JsonFields& fields) {
    const double weight = fields.number_or("weight", 1, -kLargestWeight, kLargestWeight);
    if (std::abs(weight) >= kSmallestWeight) return weight;
    fields.fail("weight", fields.at("weight"),
                fmt::format("a number that is {} or further from 0", kSmallestWeight));
}

int count_of(JsonFields& fields, std::initializer_list<const char*> kinds) {
    return static_cast<int>(std::count_if(kinds.begin(), kinds.end(), [&](const char* kind) {
        return fields.find(kind) != nullptr;
    }));
}

/// The text or the picture, and its box.
void read_input(JsonFields& fields, const std::vector<FormPart>& files, SearchPart& part) {
    part.crop = read_crop(fields);
    if (fields.has("text")) {
        if (part.crop) fields.fail("crop", fields.at("crop"), "no such field beside a text");
        part.text = read_text(fields, "text");
    } else if (fields.has("image_url")) {
        part.url = read_url(fields);
    } else {
        part.picture =
            fields.has("image") ? read_picture(fields, "image") : picture_of(fields, files);
    }
}

/// Exactly one of text, image, image_url and file.
SearchPart read_part(JsonFields& fields, const std::vector<FormPart>& files) {
    SearchPart part;
    if (count_of(fields, {"text", "image", "image_url", "file"}) != 1)
        fields.fail({}, fields.json(), "an object with one of text, image, image_url and file");
    part.weight = read_weight(fields);
    read_input(fields, files, part);
    fields.refuse_unknown();
    return part;
}

void read_parts(JsonFields& fields, const std::vector<FormPart>& files, SearchQuery& query) {
    if (fields.find("parts") == nullptr) fields.fail_missing("parts", "a list of objects");
    const auto& parts = fields.array("parts");
    if (parts.empty() || parts.size() > kMostParts)
        fields.fail("parts", parts.size(), fmt::format("1 to {} parts", kMostParts));
    for (const auto& one : parts) {
        auto inner = fields.inside(one, fmt::format("parts[{}]", query.parts.size()));
        query.parts.push_back(read_part(inner, files));
    }
}

SearchQuery text_query(JsonFields& fields) {
    SearchQuery query{"1", {}};
    query.parts.emplace_back().text = read_text(fields, "query");
    return query;
}

SearchQuery batch_query(JsonFields fields, std::size_t number) {
    const bool mixed = fields.find("parts") != nullptr;
    auto query = mixed ? SearchQuery{} : text_query(fields);
    if (mixed) read_parts(fields, {}, query);
    query.id = fields.text_or("id", std::to_string(number + 1));
    fields.refuse_unknown();
    return query;
}

}  // namespace

SearchRequest parse_text_search(const std::string& body) {
    return read_request<SearchRequest>(body, [](JsonFields& fields, SearchRequest& request) {
        request.queries.push_back(text_query(fields));
        read_options(fields, request);
    });
}

SearchRequest parse_mixed_search(std::string_view body, const std::vector<FormPart>& files) {
    return read_request<SearchRequest>(body, [&](JsonFields& fields, SearchRequest& request) {
        read_parts(fields, files, request.queries.emplace_back(SearchQuery{"1", {}}));
        read_options(fields, request);
    });
}

SearchRequest parse_batch_search(const std::string& body) {
    return read_request<SearchRequest>(body, [](JsonFields& fields, SearchRequest& request) {
        request.batch = true;
        if (fields.find("queries") == nullptr) fields.fail_missing("queries", "a list of objects");
        const auto& queries = fields.array("queries");
        if (queries.empty() || queries.size() > kMostQueries)
            fields.fail("queries", queries.size(), fmt::format("1 to {} queries", kMostQueries));
        for (std::size_t i = 0; i < queries.size(); ++i)
            request.queries.push_back(
                batch_query(fields.inside(queries[i], fmt::format("queries[{}]", i)), i));
        read_options(fields, request);
    });
}

SearchRequest parse_picture_search(std::string_view picture, const Parameters& options) {
    if (picture.empty())
        throw BadRequest{"there is no picture", "send the bytes of a picture file"};
    return read_object<SearchRequest>(
        json_of(options), [&](JsonFields& fields, SearchRequest& request) {
            auto& query = request.queries.emplace_back(SearchQuery{"1", {}});
            auto& part = query.parts.emplace_back();
            part.picture = picture;
            part.crop = read_crop(fields);
            if (fields.find("text") != nullptr)
                query.parts.emplace_back().text = read_text(fields, "text");
            read_options(fields, request);
        });
}

EmbedRequest parse_embed(const std::string& body) {
    return read_request<EmbedRequest>(body, [](JsonFields& fields, EmbedRequest& request) {
        request.space = fields.text_or("space", {});
        if (count_of(fields, {"text", "image", "image_url"}) != 1)
            fields.fail({}, fields.json(), "an object with one of text, image and image_url");
        read_input(fields, {}, request.input);
    });
}

EmbedRequest parse_picture_embed(std::string_view picture, const Parameters& options) {
    if (picture.empty())
        throw BadRequest{"there is no picture", "send the bytes of a picture file"};
    return read_object<EmbedRequest>(json_of(options),
                                     [&](JsonFields& fields, EmbedRequest& request) {
                                         request.space = fields.text_or("space", {});
                                         request.input.crop = read_crop(fields);
                                         request.input.picture = picture;
                                     });
}

std::string cache_key(const SearchRequest& request) {
    const auto& ranking = request.ranking;
    auto key =
        fmt::format("{} {}:{} {}:{} {}:{} {} {} {} {}", request.batch ? "batch" : "one",
                    ranking.preset.size(), ranking.preset, ranking.where.size(), ranking.where,
                    ranking.collapse.size(), ranking.collapse, request.top, request.explain ? 1 : 0,
                    ranking.min_score ? fmt::format("{}", *ranking.min_score) : "-",
                    ranking.image_weight ? fmt::format("{}", *ranking.image_weight) : "-");
    for (const auto& query : request.queries) {
        key += fmt::format("\n{}:{}", query.id.size(), query.id);
        for (const auto& part : query.parts) {
            key += fmt::format(" {} {}:{}", part.weight, part.text.size(), part.text);
            if (!part.is_picture()) continue;
            key += " " + hash128(part.picture).hex();
            if (part.crop)
                key += fmt::format(" {} {} {} {}", part.crop->x, part.crop->y, part.crop->width,
                                   part.crop->height);
        }
    }
    return key;
}

}  // namespace pmatch::cli
