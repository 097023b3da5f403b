#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/serve/answers/openapi.hpp"
#include "cli/serve/answers/page.hpp"
#include "cli/serve/answers/responses.hpp"
#include "cli/serve/service/service.hpp"
#include "core/common/version.hpp"
#include "core/preset/shipped_presets.hpp"
#include "core/text/json_text.hpp"
#include "data/items/column_summary.hpp"

namespace pmatch::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Shipped presets that the collection can serve.
std::vector<std::string> presets_of(const CollectionSource& source) {
    std::vector<std::string> names;
    for (const auto& shipped : shipped_presets()) {
        const std::string name(shipped.name);
        try {
            const Preset served(name, source.available(name));
            names.push_back(name);
        } catch (const Error&) {  // NOLINT(bugprone-empty-catch): it cannot
        }
    }
    return names;
}

Json spaces_json(const Manifest& manifest) {
    auto spaces = Json::array();
    for (const auto& [name, space] : manifest.spaces) {
        spaces.push_back({{"name", name},
                          {"source", space.source.name()},
                          {"model", space.model},
                          {"precision", space.precision},
                          {"dim", space.dim},
                          {"vectors", space.live}});
    }
    for (const auto& [name, index] : manifest.lexical)
        spaces.push_back({{"name", name},
                          {"source", index.source.name()},
                          {"model", "bm25:" + index.analyser},
                          {"vectors", index.count}});
    return spaces;
}

Json fields_json(const Manifest& manifest) {
    auto fields = Json::array();
    for (const auto& field : manifest.items.fields)
        fields.push_back({{"name", field.name}, {"type", field.type()}});
    return fields;
}

Json summary_json(const ColumnSummary& column) {
    Json json{{"name", column.name}, {"column", column.column}};
    if (column.range) {
        json["least"] = column.range->first;
        json["most"] = column.range->second;
        return json;
    }
    auto values = Json::array();
    for (const auto& [value, count] : column.values)
        values.push_back({{"value", value}, {"count", count}});
    json["values"] = std::move(values);
    return json;
}

Json collection_json(const ServedCollection& collection) {
    const auto engine = collection.engine();
    const auto& manifest = stored(*engine).collection().manifest();
    return {{"name", collection.name()},
            {"generation", engine->source().generation()},
            {"items", manifest.items.count},
            {"pictures", manifest.items.pictures},
            {"fields", fields_json(manifest)},
            {"spaces", spaces_json(manifest)},
            {"presets", presets_of(engine->source())}};
}

double index_bytes(const Manifest& manifest) {
    double bytes = 0;
    for (const auto& [file, record] : manifest.files) {
        if (file.starts_with("indexes/")) bytes += static_cast<double>(record.size);
    }
    return bytes;
}

void write_cache(MetricsText& text, const char* cache, const ByteCache::Counts& counts,
                 const char* kind) {
    const std::string_view wanted(kind);
    text.sample({{"cache", cache}}, static_cast<double>(wanted == "hits"     ? counts.hits
                                                        : wanted == "misses" ? counts.misses
                                                                             : counts.bytes));
}

}  // namespace

HttpResponse Service::live(const RouteCall&) {
    return response(200, "application/json", "{\"status\":\"alive\"}\n");
}

HttpResponse Service::ready(const RouteCall&) {
    if (ready_) return response(200, "application/json", "{\"status\":\"ready\"}\n");
    return problem(503, "the server warms up or is being stopped", "ask again in a second")
        .with("Retry-After", "1");
}

HttpResponse Service::health(const RouteCall& call) {
    const Json json{{"status", ready_ ? "ok" : "not ready"},
                    {"collection", call.collection.name()},
                    {"generation", call.collection.engine()->source().generation()}};
    return response(200, "application/json", json_text(json) + "\n");
}

HttpResponse Service::info(const RouteCall& call) {
    Json json{{"name", "pmatch"}, {"version", kVersion}};
    json["limits"] = {{"top_k", settings_.max_top}, {"batch", kMostQueries},
                      {"parts", kMostParts},        {"urls", urls_ == nullptr ? 0 : kMostUrls},
                      {"characters", kLongestText}, {"pixels", settings_.pictures.max_pixels}};
    json["preset"] = settings_.preset;
    json["collection"] = call.collection.name();
    auto collections = Json::array();
    for (const auto& collection : collections_)
        collections.push_back(collection_json(*collection));
    json["collections"] = std::move(collections);
    return response(200, "application/json", json_text(json) + "\n");
}

/// Summaries are kept as answers are: until the collection changes.
HttpResponse Service::fields(const RouteCall& call) {
    const auto engine = call.collection.engine();
    const auto generation = engine->source().generation();
    const auto key = fmt::format("{}\n{}\nfields", call.collection.name(), generation);
    auto body = answers_.find(key, /*counts=*/false);
    if (!body) {
        Json json{{"generation", generation}, {"fields", Json::array()}};
        for (const auto& column : summarise_columns(stored(*engine).collection()))
            json["fields"].push_back(summary_json(column));
        body = std::make_shared<const std::string>(json_text(json) + "\n");
        answers_.put(key, body);
    }
    return {200, {{"Content-Type", "application/json"}}, body};
}

HttpResponse Service::metrics_text(const RouteCall&) {
    MetricsText text;
    metrics_.write(text);
    for (const char* kind : {"hits", "misses", "bytes"}) {
        const bool gauge = std::string_view(kind) == "bytes";
        text.begin(fmt::format("pmatch_cache_{}{}", kind, gauge ? "" : "_total"),
                   gauge ? "gauge" : "counter", fmt::format("Of the caches: {}.", kind));
        write_cache(text, "answers", answers_.counts(), kind);
        write_cache(text, "thumbnails", thumbnails_.counts(), kind);
    }
    text.begin("pmatch_generation", "gauge", "The state of the collection that answers.");
    for (const auto& collection : collections_)
        text.sample({{"collection", collection->name()}},
                    static_cast<double>(collection->engine()->source().generation()));
    text.begin("pmatch_index_bytes", "gauge", "Size of the collection's indexes.");
    for (const auto& collection : collections_)
        text.sample({{"collection", collection->name()}},
                    index_bytes(stored(*collection->engine()).collection().manifest()));
    text.begin("process_resident_memory_bytes", "gauge", "Memory of this process.");
    text.sample({}, static_cast<double>(resident_bytes()));
    if (others_) others_(text);
    return response(200, "text/plain; version=0.0.4; charset=utf-8", text.text());
}

HttpResponse Service::metrics_summary(const RouteCall&) {
    const auto [hits, misses, entries, bytes] = answers_.counts();
    auto text = metrics_.summary();
    const auto asked = hits + misses;
    if (asked > 0)
        text += fmt::format("{} of {} searches ({:.1f} %) were answered from the cache.\n", hits,
                            asked, 100 * static_cast<double>(hits) / static_cast<double>(asked));
    return response(200, "text/plain; charset=utf-8", std::move(text));
}

HttpResponse Service::openapi(const RouteCall& call) {
    return response(200, "application/json",
                    openapi_document(call.request.target, urls_ != nullptr));
}

HttpResponse Service::page(const RouteCall&) {
    HttpResponse response{200, {{"Content-Type", "text/html; charset=utf-8"}}, shared_page()};
    return response.with("Content-Security-Policy", page_policy())
        .with("Referrer-Policy", "no-referrer")
        .with("Cache-Control", "no-cache");
}

}  // namespace pmatch::cli
