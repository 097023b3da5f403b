#include "core/preset/recipe_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "core/ranking/fusion.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Normaliser normaliser) {
    return normaliser == Normaliser::kMinMax ? "minmax" : "zscore";
}

const char* name_of(GateMode mode) {
    switch (mode) {
        case GateMode::kAbsolute:
            return "absolute";
        case GateMode::kZScore:
            return "zscore";
        case GateMode::kMinMax:
            break;
    }
    return "minmax";
}

bool normalises(const FusionOptions& fusion) {
    const auto* const entry = fusion_named(fusion.method);
    return entry != nullptr && entry->normalises;
}

bool has_k(const FusionOptions& fusion) {
    const auto* const entry = fusion_named(fusion.method);
    return entry != nullptr && entry->has_k;
}

Json list_json(const ListSpec& list) {
    Json json{{"name", list.name}, {"source", list.source.name()}};
    if (!list.other_sources.empty()) {
        json["source"] = Json::array({list.source.name()});
        for (const auto& source : list.other_sources)
            json["source"].push_back(source.name());
    }
    switch (list.kind) {
        case ListKind::kVector:
            if (!list.space.empty()) json["space"] = list.space;
            if (!list.model.empty()) json["model"] = list.model;
            json["query"] = list.query == QueryPart::kImage ? "image" : "text";
            if (list.exact) json["exact"] = true;
            break;
        case ListKind::kBm25:
            json["kind"] = "bm25";
            if (!list.analyser.empty()) json["analyser"] = list.analyser;
            break;
        case ListKind::kExact:
            json["kind"] = "exact";
            break;
    }
    json["weight"] = list.weight;
    if (!list.required) json["required"] = false;
    return json;
}

Json weights_json(const std::vector<double>& weights, const Recipe& recipe) {
    auto json = Json::object();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] != 0) json[recipe.lists[i].name] = weights[i];
    }
    return json;
}

Json fusion_json(const Recipe& recipe) {
    const auto& fusion = recipe.fusion;
    Json json{{"method", fusion.method}};
    if (recipe.wants_complete_lists()) {
        const auto& staged = fusion.staged;
        json["keep"] = {{"weights", weights_json(staged.keep_weights, recipe)},
                        {"best", staged.keep}};
        json["gate"] = {{"list", recipe.lists[staged.gate_list].name},
                        {"mode", name_of(staged.gate_mode)},
                        {"at_least", staged.at_least},
                        {"backfill", staged.backfill}};
        json["order"] = {{"weights", weights_json(staged.order_weights, recipe)}};
        return json;
    }
    if (normalises(fusion)) json["normalise"] = name_of(fusion.normalise);
    if (has_k(fusion)) json["k"] = fusion.k;
    json["depth"] = fusion.depth;
    if (fusion.depth_is_top) json["depth"] = "top";
    return json;
}

Json verify_json(const VerifyOptions& verify) {
    Json json{{"space", verify.space}, {"top", verify.top}, {"weight", verify.weight}};
    if (verify.mirrored) json["mirrored"] = true;
    if (verify.required) json["required"] = true;
    return json;
}

/// "; verify the best 20 by local 0.15", or nothing.
std::string verify_words(const Recipe& recipe) {
    if (!recipe.verify) return {};
    return fmt::format("; verify the best {} by {} {}", recipe.verify->top, recipe.verify->space,
                       recipe.verify->weight);
}

/// One per line.
std::string features(const std::vector<FeatureWeight>& all) {
    std::string text;
    for (const auto& [name, mean, scale, weight] : all) {
        const Json one{{"feature", name}, {"mean", mean}, {"scale", scale}, {"weight", weight}};
        text += fmt::format("{}\n      {}", text.empty() ? "" : ",", one.dump());
    }
    return text;
}

/// `, "title": ["name"]`; empty if there are no columns.
std::string columns_text(const char* name, const std::vector<std::string>& columns) {
    return columns.empty() ? "" : fmt::format(", \"{}\": {}", name, Json(columns).dump());
}

std::string rescore_text(const RerankModel& model) {
    const auto odds =
        model.odds.empty() ? "" : fmt::format(",\n    \"odds\": [{}\n    ]", features(model.odds));
    const auto columns = columns_text("title", model.title) + columns_text("price", model.price) +
                         columns_text("mpn", model.mpn) + columns_text("brand", model.brand) +
                         columns_text("gtin", model.gtin);
    return fmt::format(
        "{{\n    \"candidates\": {}, \"kept\": {}{},\n    \"alone\": [{}\n    ],\n    \"batch\": "
        "[{}\n    ]{}\n  }}",
        model.candidates, model.kept, columns, features(model.alone), features(model.batch), odds);
}

std::string lists_text(const Recipe& recipe) {
    if (recipe.all_lists) return "\"all\"";
    std::string text;
    for (const auto& list : recipe.lists)
        text += fmt::format("{}\n    {}", text.empty() ? "" : ",", list_json(list).dump());
    return fmt::format("[{}\n  ]", text);
}

/// Shortest notation: 0.5, 2.
std::string weighted_names(const Recipe& recipe, const std::vector<double>& weights) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] != 0)
            parts.push_back(fmt::format("{} {}", recipe.lists[i].name, weights[i]));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string staged_line(const Recipe& recipe) {
    const auto& staged = recipe.fusion.staged;
    return fmt::format("three-stage: keep {} by {}; gate {} {} >= {}{}; order {}", staged.keep,
                       weighted_names(recipe, staged.keep_weights),
                       recipe.lists[staged.gate_list].name, name_of(staged.gate_mode),
                       staged.at_least, staged.backfill ? " backfill" : "",
                       weighted_names(recipe, staged.order_weights));
}

}  // namespace

std::string recipe_json(const Recipe& recipe) {
    std::vector<std::string> fields;
    const auto add = [&](const char* name, const std::string& value) {
        fields.push_back(fmt::format("  \"{}\": {}", name, value));
    };
    if (!recipe.description.empty()) add("description", Json(recipe.description).dump());
    if (!recipe.first_of.empty()) {
        add("first_of", Json(recipe.first_of).dump());
    } else {
        add("lists", lists_text(recipe));
        if (!recipe.model_weights.empty()) add("weights", Json(recipe.model_weights).dump());
        if (recipe.fusion.method != "none") add("fuse", fusion_json(recipe).dump());
        if (recipe.verify) add("verify", verify_json(*recipe.verify).dump());
        if (recipe.rescore) add("rescore", rescore_text(*recipe.rescore));
        if (recipe.exact) add("exact", "true");
        if (recipe.min_score) add("min_score", Json(*recipe.min_score).dump());
        if (recipe.image_weight) add("image_weight", Json(*recipe.image_weight).dump());
        if (!recipe.collapse.empty()) add("collapse", Json(recipe.collapse).dump());
    }
    return fmt::format("{{\n{}\n}}\n", fmt::join(fields, ",\n"));
}

std::string recipe_line(const Recipe& recipe) {
    const auto& fusion = recipe.fusion;
    if (!recipe.first_of.empty())
        return fmt::format("the first that fits of {}", fmt::join(recipe.first_of, ", "));
    if (recipe.wants_complete_lists()) return staged_line(recipe);
    if (fusion.method == "none")
        return fmt::format("{} alone{}", recipe.lists.front().name, verify_words(recipe));
    auto line = fusion.method;
    if (normalises(fusion)) line += fmt::format(" {}", name_of(fusion.normalise));
    if (has_k(fusion)) line += fmt::format(" k {}", fusion.k);
    if (fusion.depth != FusionOptions().depth) line += fmt::format(" depth {}", fusion.depth);
    std::vector<double> weights;
    for (const auto& list : recipe.lists)
        weights.push_back(list.weight);
    line += fmt::format(": {}{}", weighted_names(recipe, weights), verify_words(recipe));
    return recipe.rescore ? fmt::format("matcher over {}", line) : line;
}

}  // namespace pmatch
