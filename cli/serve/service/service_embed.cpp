#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cli/serve/answers/responses.hpp"
#include "cli/serve/http/request_error.hpp"
#include "cli/serve/requests/uploaded_picture.hpp"
#include "cli/serve/service/service.hpp"
#include "core/retrieval/query_vectors.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {
namespace {

EmbedRequest embed_request(const RouteCall& call) {
    const auto& request = call.request;
    const auto type = media_type(request.header("content-type"));
    if (type == "application/json") return parse_embed(request.body);
    if (type.starts_with("image/") || type == "application/octet-stream")
        return parse_picture_embed(request.body, call.target.query);
    throw RequestError{415, fmt::format("the body is of type '{}'", type),
                       "send JSON with text or image, or the bytes of a picture with its type, "
                       "such as image/jpeg"};
}

/// Whether the space is what one would compare such an input with.
bool is_usual(const SpaceRecord& space, bool picture) {
    return space.indexable() && space.source.is_picture() == picture;
}

/// The named space, or the first that is usual for the input.
std::string space_for(const EmbedRequest& request, const Manifest& manifest) {
    const bool picture = request.input.is_picture();
    std::vector<std::string> names;
    for (const auto& [name, space] : manifest.spaces) {
        if (!space.indexable()) continue;
        if (request.space.empty() ? is_usual(space, picture) : name == request.space) return name;
        names.push_back(name);
    }
    throw UsageError{request.space.empty()
                         ? fmt::format("no space is of {}", picture ? "pictures" : "texts")
                         : fmt::format("there is no space '{}' of vectors", request.space),
                     fmt::format("the spaces here are: {}", fmt::join(names, ", "))};
}

void check_takes(const EncoderInfo& info, bool picture) {
    if (picture ? info.images : info.texts) return;
    throw UsageError{
        fmt::format("the model {} takes no {}", info.name, picture ? "pictures" : "texts"),
        "name another space"};
}

}  // namespace

HttpResponse Service::embed(const RouteCall& call) {
    auto request = embed_request(call);
    const auto engine = call.collection.engine();
    const auto& collection = stored(*engine);
    const auto name = space_for(request, collection.collection().manifest());
    const auto& space = collection.collection().space(name);
    auto& encoder = collection.encoder_of(name, execution_);
    const bool picture = request.input.is_picture();
    check_takes(encoder.info(), picture);
    fetch(call, request.input);
    Query query;
    query.text = request.input.text;
    std::vector<UploadedPicture> files;
    if (picture)
        query.pictures = {files.emplace_back(upload(request.input, settings_.pictures)).path()};
    const std::array<const Query*, 1> queries{&query};
    const auto vectors = embed_queries(
        // The source would name a column of the query, of which it has none.
        {queries, picture ? QueryPart::kImage : QueryPart::kText, space.source}, encoder,
        FilePictureReader(settings_.pictures), {execution_, call.abandoned});
    if (vectors.owners.empty()) {
        const auto& [code, detail] = vectors.problems.front();
        throw UsageError{fmt::format("{}: {}", code, detail),
                         "send a text with letters or a whole picture file"};
    }
    const nlohmann::json names{{"space", name}, {"model", encoder.info().name}};
    auto body = json_text(names);
    body.back() = ',';  // in the shortest form of single precision, which JSON libraries lack
    body +=
        fmt::format("\"dim\":{},\"vector\":[{}]}}\n", vectors.dim, fmt::join(vectors.values, ","));
    return response(200, "application/json", std::move(body));
}

}  // namespace pmatch::cli
