#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/serve/answers/answers_json.hpp"
#include "cli/serve/answers/responses.hpp"
#include "cli/serve/http/request_error.hpp"
#include "cli/serve/requests/uploaded_picture.hpp"
#include "cli/serve/service/service.hpp"
#include "core/common/stopwatch.hpp"
#include "core/retrieval/shared_encoder.hpp"

namespace pmatch::cli {
namespace {

constexpr const char* kJson = "application/json";

void add(const RouteCall& call, Stage stage, double milliseconds) {
    at(call.seconds, stage) += milliseconds / 1000;
}

void check_is_json(const HttpRequest& request) {
    const auto type = media_type(request.header("content-type"));
    if (type == kJson || type.ends_with("+json")) return;
    throw RequestError{415, fmt::format("the body is of type '{}'", type),
                       "send JSON with the header Content-Type: application/json"};
}

bool is_form(const HttpRequest& request) {
    return media_type(request.header("content-type")) == "multipart/form-data";
}

std::vector<FormPart> form_of(const HttpRequest& request) {
    return parse_multipart(request.body,
                           header_parameter(request.header("content-type"), "boundary"));
}

/// A form's picture is its part `file`; its other parts are options, as those of the address.
SearchRequest picture_request(const RouteCall& call) {
    const auto& request = call.request;
    auto options = call.target.query;
    const auto type = media_type(request.header("content-type"));
    if (type.starts_with("image/") || type == "application/octet-stream")
        return parse_picture_search(request.body, options);
    if (!is_form(request))
        throw RequestError{415, fmt::format("the body is of type '{}'", type),
                           "send multipart/form-data with a part 'file', or the bytes of a picture "
                           "with its type, such as image/jpeg"};
    std::string_view picture;
    for (const auto& part : form_of(request)) {
        if (part.name == "file") {
            picture = part.body;
        } else {
            options.emplace_back(part.name, part.body);
        }
    }
    return parse_picture_search(picture, options);
}

/// The form's part `request` is the JSON, the others are pictures that it names.
SearchRequest mixed_request(const HttpRequest& request) {
    if (!is_form(request)) {
        check_is_json(request);
        return parse_mixed_search(request.body, {});
    }
    const auto parts = form_of(request);
    const auto json = std::find_if(parts.begin(), parts.end(),
                                   [](const FormPart& part) { return part.name == "request"; });
    if (json == parts.end())
        throw BadRequest{"the form has no part 'request'", "send the JSON as a part of that name"};
    return parse_mixed_search(json->body, parts);
}

const SearchPart* first_wanted(const SearchQuery& query, bool picture) {
    const auto found = std::find_if(
        query.parts.begin(), query.parts.end(),
        [&](const SearchPart& part) { return part.is_picture() == picture && part.weight > 0; });
    return found == query.parts.end() ? nullptr : &*found;
}

/// The files of the pictures live as long as this.
struct EngineQuery {
    Query query;
    std::vector<UploadedPicture> files;
};

/// The first text and picture with a weight above 0 are the query's own; all others are added to
/// the one of their kind, in proportion to its weight.
EngineQuery engine_query(const SearchQuery& from, const PictureLimits& limits) {
    EngineQuery made;
    made.query.id = from.id;
    for (const auto& part : from.parts) {
        const auto* own = first_wanted(from, part.is_picture());
        if (own == nullptr)
            throw UsageError{fmt::format("the query leads away from a {} and to none",
                                         part.is_picture() ? "picture" : "text"),
                             "add a part of the same kind with a weight above 0"};
        std::filesystem::path file;
        if (part.is_picture()) file = made.files.emplace_back(upload(part, limits)).path();
        if (own != &part) {
            made.query.mixed.push_back({part.text, file, part.weight / own->weight});
        } else if (part.is_picture()) {
            made.query.pictures = {file};
        } else {
            made.query.text = part.text;
        }
    }
    return made;
}

/// The queries whose pictures could be had; `made` keeps the files.
Request engine_request(const RouteCall& call, const SearchRequest& request,
                       const PictureLimits& limits, std::vector<EngineQuery>& made) {
    Request asked{.queries = {}, .ranking = request.ranking, .top = request.top};
    asked.explain = request.explain;
    asked.cancelled = call.abandoned;
    for (const auto& query : request.queries) {
        if (query.problem.code.empty())
            asked.queries.push_back(made.emplace_back(engine_query(query, limits)).query);
    }
    return asked;
}

/// If pictures and texts have other weights than each other, and nothing else says how they weigh.
void weigh_kinds(SearchRequest& request) {
    const auto& query = request.queries.front();
    if (request.ranking.image_weight || request.ranking.preset != "auto") return;
    const auto* picture = first_wanted(query, true);
    const auto* text = first_wanted(query, false);
    if (picture == nullptr || text == nullptr || picture->weight == text->weight) return;
    request.ranking.image_weight = picture->weight / (picture->weight + text->weight);
}

/// A preset's file is named by who starts the server, not by who asks it.
void check_is_name(const std::string& preset) {
    if (preset.find('/') == std::string::npos && !preset.ends_with(".json") &&
        !preset.ends_with(".jsonc")) {
        return;
    }
    throw UsageError{fmt::format("'{}' is not the name of a preset", preset),
                     "name one that /info lists; a file can only be the server's --preset"};
}

/// No picture is missing, so that the same will be answered the next time.
bool is_whole(const SearchRequest& request) {
    return std::all_of(request.queries.begin(), request.queries.end(),
                       [](const SearchQuery& query) { return query.problem.code.empty(); });
}

/// The queries whose pictures could not be fetched, at their places among the answers.
std::vector<AnsweredQuery> with_missing(std::vector<AnsweredQuery> answers,
                                        const SearchRequest& request) {
    for (std::size_t i = 0; i < request.queries.size(); ++i) {
        const auto& query = request.queries[i];
        if (query.problem.code.empty()) continue;
        AnsweredQuery failed;
        failed.result.query = query.id;
        failed.result.failed = true;
        failed.problem = query.problem;
        answers.insert(answers.begin() + static_cast<std::ptrdiff_t>(i), std::move(failed));
    }
    return answers;
}

std::string key_of(const RouteCall& call, const Engine& engine, const SearchRequest& request) {
    return fmt::format("{}\n{}\n{}", call.collection.name(), engine.source().generation(),
                       cache_key(request));
}

HttpResponse as_json(ByteCache::Value body) {
    return {200, {{"Content-Type", kJson}}, std::move(body)};
}

}  // namespace

std::vector<std::string> Service::complete(SearchRequest& request) const {
    if (request.ranking.preset.empty()) {
        request.ranking.preset = settings_.preset;
    } else {
        check_is_name(request.ranking.preset);
    }
    if (request.queries.size() == 1) weigh_kinds(request);
    if (request.top <= settings_.max_top) return {};
    const auto wanted = std::exchange(request.top, settings_.max_top);
    return {fmt::format("top_k is {}, and this server gives at most {} answers", wanted,
                        settings_.max_top)};
}

std::optional<HttpResponse> Service::cached_text(const RouteCall& call) {
    check_is_json(call.request);
    auto request = parse_text_search(call.request.body);
    if (!complete(request).empty()) return std::nullopt;
    const auto engine = call.collection.engine();
    auto body = answers_.find(key_of(call, *engine, request), /*counts=*/false);
    if (body == nullptr) return std::nullopt;
    return as_json(std::move(body));
}

HttpResponse Service::search_text(const RouteCall& call) {
    return search(call, [&] {
        check_is_json(call.request);
        return parse_text_search(call.request.body);
    });
}

HttpResponse Service::search_image(const RouteCall& call) {
    return search(call, [&] { return picture_request(call); });
}

HttpResponse Service::search_mixed(const RouteCall& call) {
    return search(call, [&] { return mixed_request(call.request); });
}

HttpResponse Service::search_batch(const RouteCall& call) {
    return search(call, [&] {
        check_is_json(call.request);
        return parse_batch_search(call.request.body);
    });
}

HttpResponse Service::search(const RouteCall& call, const std::function<SearchRequest()>& parse) {
    const Stopwatch watch;
    auto request = parse();
    add(call, Stage::kDecode, watch.milliseconds());
    fetch(call, request);
    const auto warnings = complete(request);
    return answer(call, request, warnings);
}

/// An engine whose collection was changed by another process may lack a file it has not opened yet:
/// then the newer state answers.
HttpResponse Service::answer(const RouteCall& call, const SearchRequest& request,
                             const std::vector<std::string>& warnings) {
    const bool lasts = warnings.empty() && is_whole(request);
    for (auto engine = call.collection.engine();;) {
        const auto key = key_of(call, *engine, request);
        if (lasts) {
            if (auto known = answers_.find(key)) return as_json(std::move(known));
        }
        try {
            auto body =
                std::make_shared<const std::string>(answered_by(engine, call, request, warnings));
            if (lasts) answers_.put(key, body);
            metrics_.stages(call.seconds);
            return as_json(std::move(body));
        } catch (const Cancelled&) {
            throw;
        } catch (const RequestError&) {
            throw;
        } catch (const UsageError&) {
            throw;
        } catch (const Error&) {
            try_refresh(call.collection);
            auto newer = call.collection.engine();
            if (newer == engine) throw;
            engine = std::move(newer);
        }
    }
}

std::string Service::answered_by(const std::shared_ptr<const Engine>& engine, const RouteCall& call,
                                 const SearchRequest& request, std::vector<std::string> warnings) {
    Stopwatch watch;
    std::vector<EngineQuery> made;
    const auto asked = engine_request(call, request, settings_.pictures, made);
    add(call, Stage::kDecode, watch.milliseconds());
    auto result = asked.queries.empty() ? Result{} : engine->answer(asked);
    add(call, Stage::kEncode, result.timings.prepare);
    add(call, Stage::kSearch, result.timings.retrieve);
    add(call, Stage::kFuse, result.timings.rank);
    watch = {};
    std::transform(result.warnings.begin(), result.warnings.end(), std::back_inserter(warnings),
                   [](const Notice& notice) { return without_paths(notice.text); });
    const AnswerContext context{*engine, request.top, request.explain, std::move(warnings)};
    const auto answers = with_missing(std::move(result.answers), request);
    const auto& first = answers.front();
    if (!request.batch && (first.result.failed || first.recipe == nullptr))
        throw UsageError{fmt::format("{}: {}", first.problem.code, first.problem.detail),
                         "ask with a text of letters or a whole picture file, and for what /info "
                         "says the collection compares"};
    auto body = request.batch ? batch_json(answers, context) : answer_json(first, context);
    add(call, Stage::kWrite, watch.milliseconds());
    return body;
}

}  // namespace pmatch::cli
