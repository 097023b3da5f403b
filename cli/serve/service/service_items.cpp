#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "cli/serve/answers/answers_json.hpp"
#include "cli/serve/answers/responses.hpp"
#include "cli/serve/http/request_error.hpp"
#include "cli/serve/service/service.hpp"
#include "core/files/hash.hpp"
#include "core/text/ascii.hpp"
#include "data/pictures/thumbnail.hpp"

namespace pmatch::cli {
namespace {

constexpr int kSide = 256;  // pixels
constexpr int kSmallest = 16;
constexpr int kLargest = 1024;
constexpr const char* kFresh = "private, max-age=60";

RequestError not_found(const std::string& what, const std::string& fix) {
    return {404, what, fix};
}

/// Empty for what is no number of at most nine digits.
std::optional<int> number_of(const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = !text.empty() && text.size() < 10 && ascii::all_digits(text);
    return whole && error == std::errc() ? std::optional(number) : std::nullopt;
}

int side_of(const RouteCall& call) {
    for (const auto& [name, value] : call.target.query) {
        if (name != "size")
            throw BadRequest{fmt::format("the parameter '{}' is not known here", name),
                             "give size, or nothing"};
    }
    const auto* size = call.target.parameter("size");
    if (size == nullptr) return kSide;
    const auto side = number_of(*size);
    if (side && *side >= kSmallest && *side <= kLargest) return *side;
    throw BadRequest{fmt::format("the size is '{}'", *size),
                     fmt::format("give a number of pixels from {} to {}", kSmallest, kLargest)};
}

int picture_number(const RouteCall& call) {
    if (call.arguments.size() < 2) return 0;
    if (const auto number = number_of(call.arguments[1])) return *number;
    throw BadRequest{fmt::format("'{}' is not the number of a picture", call.arguments[1]),
                     "pictures are numbered from 0"};
}

std::string thumbnail_key(const RouteCall& call, const std::string& item) {
    return fmt::format("{}\n{}\n{} {}\n{}", call.collection.name(),
                       call.collection.engine()->source().generation(), side_of(call),
                       picture_number(call), item);
}

/// Whether the client has what the tag says.
bool has_already(const HttpRequest& request, const std::string& tag) {
    const auto known = request.header("if-none-match");
    return known == "*" || known.find(tag) != std::string_view::npos;
}

HttpResponse as_picture(const HttpRequest& request, ByteCache::Value jpeg) {
    const auto tag = fmt::format("\"{}\"", hash128(*jpeg).hex());
    HttpResponse response;
    if (has_already(request, tag)) {
        response.status = 304;
    } else {
        response.with("Content-Type", "image/jpeg").body = std::move(jpeg);
    }
    return response.with("ETag", tag).with("Cache-Control", kFresh);
}

std::int64_t row_of(const Engine& engine, const std::string& item) {
    if (const auto row = engine.items().row_of(item)) return *row;
    throw not_found(fmt::format("there is no item '{}'", item), "ask for the id of an answer");
}

}  // namespace

HttpResponse Service::item(const RouteCall& call) {
    const auto engine = call.collection.engine();
    return response(200, "application/json",
                    item_json(*engine, row_of(*engine, call.arguments.front())));
}

std::optional<HttpResponse> Service::cached_thumbnail(const RouteCall& call) {
    auto jpeg = thumbnails_.find(thumbnail_key(call, call.arguments.front()), /*counts=*/false);
    if (jpeg == nullptr) return std::nullopt;
    return as_picture(call.request, std::move(jpeg));
}

HttpResponse Service::thumbnail(const RouteCall& call) {
    const auto& item = call.arguments.front();
    return thumbnail_of(call, row_of(*call.collection.engine(), item), thumbnail_key(call, item));
}

/// By the item's number in the collection.
HttpResponse Service::thumbnail_of_row(const RouteCall& call) {
    const auto number = number_of(call.arguments.front());
    if (!number)
        throw BadRequest{fmt::format("'{}' is not the number of an item", call.arguments.front()),
                         "items are numbered from 0"};
    std::string item;
    try {
        item = call.collection.engine()->items().id_of(*number);
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        throw not_found(fmt::format("there is no item number {}", *number),
                        "ask with the id of an answer: /thumb/ID");
    }
    return thumbnail_of(call, *number, thumbnail_key(call, item));
}

HttpResponse Service::thumbnail_of(const RouteCall& call, std::int64_t row,
                                   const std::string& key) {
    if (auto known = thumbnails_.find(key)) return as_picture(call.request, std::move(known));
    const auto pictures = call.collection.engine()->items().pictures_of(row);
    const auto number = static_cast<std::size_t>(picture_number(call));
    if (number >= pictures.size())
        throw not_found(fmt::format("the item has {} pictures, this would be number {}",
                                    pictures.size(), number),
                        "pictures are numbered from 0; /items/ID lists them");
    const auto jpeg = thumbnail_jpeg(pictures[number], side_of(call));
    if (jpeg.empty())
        throw not_found("the item's picture cannot be read any more",
                        "see whether its file is still there: pmatch ledger");
    auto value = std::make_shared<const std::string>(jpeg.begin(), jpeg.end());
    thumbnails_.put(key, value);
    return as_picture(call.request, std::move(value));
}

}  // namespace pmatch::cli
