#include "core/preset/recipe_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/preset/recipe_fields.hpp"
#include "core/preset/rerank_model_json.hpp"
#include "core/ranking/fusion.hpp"
#include "core/text/json_error_text.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 100'000;
constexpr int kLargestVersion = 1'000'000;

constexpr double kMost = 1e9;
constexpr int kMostVerified = 1'000;  ///< each costs about as much as a search

/// Of a list's name, so that lists of different kinds may have one source.
std::string default_suffix(ListKind kind) {
    switch (kind) {
        case ListKind::kBm25:
            return ".bm25";
        case ListKind::kExact:
            return ".exact";
        case ListKind::kVector:
            break;
    }
    return {};
}

ListSpec read_list(const Json& json, const std::string& path, const std::string& file) {
    auto reader = recipe_fields(json, path, file);
    ListSpec list;
    const auto* source = reader.find("source");
    if (source != nullptr && source->is_array()) {
        for (const auto& word : reader.names_or_none("source"))
            list.other_sources.push_back(Source::parse(word));
        list.source = list.other_sources.front();
        list.other_sources.erase(list.other_sources.begin());
    } else {
        list.source = Source::parse(reader.text_or("source", ""));
    }
    const auto& word = list.source.name();
    if (word.empty()) reader.fail_missing("source", "image, text, caption or a field");
    list.kind = reader.choice_or<ListKind>(
        "kind",
        {{"vector", ListKind::kVector}, {"bm25", ListKind::kBm25}, {"exact", ListKind::kExact}},
        list.kind);
    const bool texts = list.kind != ListKind::kVector;
    list.name = reader.text_or("name", word + default_suffix(list.kind));
    switch (list.kind) {
        case ListKind::kVector:
            list.space = reader.text_or("space", "");
            list.model = reader.text_or("model", "");
            list.exact = reader.boolean_or("exact", false);
            list.query = reader.choice_or<QueryPart>(
                "query", {{"image", QueryPart::kImage}, {"text", QueryPart::kText}},
                part_like(list.source));
            break;
        case ListKind::kBm25:
            list.analyser =
                reader.choice_or<std::string>("analyser",
                                              {{"words", "words"},
                                               {"3gram", "3gram"},
                                               {"words-unaccented", "words-unaccented"},
                                               {"3gram-unaccented", "3gram-unaccented"}},
                                              "");
            break;
        case ListKind::kExact:
            break;
    }
    list.weight = reader.number_or("weight", 1, 0, kMost);
    list.required = reader.boolean_or("required", true);
    reader.refuse_unknown();
    if (texts && list.source.is_picture()) {
        refuse(file, fmt::format("the field '{}.source' is \"image\", wanted: text, caption or a "
                                 "field, because kind {} compares texts",
                                 path, list.kind == ListKind::kBm25 ? "bm25" : "exact"));
    }
    return list;
}

std::size_t list_named(const Recipe& recipe, const std::string& name, const std::string& field,
                       const std::string& file) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < recipe.lists.size(); ++i) {
        if (recipe.lists[i].name == name) return i;
        names.push_back(recipe.lists[i].name);
    }
    refuse(file, fmt::format("the field '{}' names the list '{}', wanted: one of {}", field, name,
                             fmt::join(names, ", ")));
}

/// {"list": weight, …}; omitted lists have weight 0.
std::vector<double> read_weights(JsonFields& stage, const Recipe& recipe) {
    const auto* json = stage.find("weights");
    if (json == nullptr) stage.fail_missing("weights", "a weight for each list by its name");
    const auto path = stage.full_name("weights");
    auto reader = stage.inside(*json, "weights");
    std::vector<double> weights(recipe.lists.size(), 0);
    for (const auto& [name, value] : json->items()) {
        const auto at = list_named(recipe, name, path, stage.file());
        weights[at] = reader.number_or(name, 0, 0, kMost);
    }
    return weights;
}

JsonFields stage_of(JsonFields& fuse, const std::string& key) {
    const auto* json = fuse.find(key);
    if (json == nullptr)
        fuse.fail_missing(key, "an object, as in `pmatch presets show three-stage`");
    return fuse.inside(*json, key);
}

StagedOptions read_stages(JsonFields& fuse, const Recipe& recipe) {
    StagedOptions options;
    auto keep = stage_of(fuse, "keep");
    options.keep_weights = read_weights(keep, recipe);
    options.keep = static_cast<std::size_t>(
        keep.integer_or("best", static_cast<int>(options.keep), 1, kDeepest));
    keep.refuse_unknown();
    auto gate = stage_of(fuse, "gate");
    const auto list = gate.text_or("list", "");
    if (list.empty()) gate.fail_missing("list", "the name of a list");
    options.gate_list = list_named(recipe, list, gate.full_name("list"), fuse.file());
    options.gate_mode = gate.choice_or<GateMode>("mode",
                                                 {{"minmax", GateMode::kMinMax},
                                                  {"absolute", GateMode::kAbsolute},
                                                  {"zscore", GateMode::kZScore}},
                                                 options.gate_mode);
    options.at_least = gate.number_or("at_least", 0, -kMost, kMost);
    options.backfill = gate.boolean_or("backfill", false);
    gate.refuse_unknown();
    auto order = stage_of(fuse, "order");
    options.order_weights = read_weights(order, recipe);
    order.refuse_unknown();
    return options;
}

void read_depth(JsonFields& fuse, FusionOptions& options) {
    const auto* depth = fuse.find("depth");
    if (depth != nullptr && *depth == "top") {
        options.depth_is_top = true;
        return;
    }
    if (depth != nullptr && !depth->is_number_integer()) {
        fuse.fail("depth", *depth,
                  fmt::format("a whole number from 1 to {}, or \"top\"", kDeepest));
    }
    options.depth = fuse.integer_or("depth", options.depth, 1, kDeepest);
}

FusionOptions read_fusion(const Json& json, const Recipe& recipe, const std::string& file) {
    auto reader = recipe_fields(json, "fuse", file);
    FusionOptions options;
    std::vector<std::pair<std::string, std::string>> methods;
    for (const auto& one : all_fusions())
        methods.emplace_back(one.name, one.name);
    options.method = reader.choice_or<std::string>("method", methods, "");
    if (options.method.empty()) reader.fail_missing("method", "the name of a fusion, say wsum");
    if (options.method == "three-stage") {
        options.staged = read_stages(reader, recipe);
    } else if (options.method != "none") {
        read_depth(reader, options);
    }
    const auto& fusion = *fusion_named(options.method);
    if (fusion.has_k) options.k = reader.number_or("k", options.k, 0, kMost);
    if (fusion.normalises) {
        options.normalise = reader.choice_or<Normaliser>(
            "normalise", {{"minmax", Normaliser::kMinMax}, {"zscore", Normaliser::kZScore}},
            options.normalise);
    }
    reader.refuse_unknown();
    return options;
}

VerifyOptions read_verify(const Json& json, const std::string& file) {
    auto reader = recipe_fields(json, "verify", file);
    VerifyOptions options;
    options.space = reader.text_or("space", options.space);
    options.top = static_cast<std::size_t>(
        reader.integer_or("top", static_cast<int>(options.top), 1, kMostVerified));
    options.weight = reader.number_or("weight", options.weight, 0, kMost);
    options.mirrored = reader.boolean_or("mirrored", options.mirrored);
    options.required = reader.boolean_or("required", options.required);
    reader.refuse_unknown();
    return options;
}

void read_lists(JsonFields& reader, Recipe& recipe) {
    const auto* lists = reader.find("lists");
    if (lists == nullptr) reader.fail_missing("lists", "a list of objects, or \"all\"");
    if (*lists == "all") {
        recipe.all_lists = true;
        if (const auto* weights = reader.find("weights")) {
            auto inside = reader.inside(*weights, "weights");
            for (const auto& [model, value] : weights->items())
                recipe.model_weights[model] = inside.number_or(model, 1, 0, kMost);
        }
        return;
    }
    if (!lists->is_array() || lists->empty())
        reader.fail("lists", *lists, "a list of objects, or \"all\"");
    std::set<std::string> names;
    for (std::size_t i = 0; i < lists->size(); ++i) {
        const auto path = fmt::format("lists[{}]", i);
        recipe.lists.push_back(read_list((*lists)[i], path, reader.file()));
        if (names.insert(recipe.lists.back().name).second) continue;
        refuse(reader.file(),
               fmt::format("the field '{}.name' is \"{}\" like that of a list before "
                           "it, wanted: a name of its own",
                           path, recipe.lists.back().name));
    }
}

/// Stages refer to lists by position.
void require_all_lists(const Recipe& recipe, const std::string& file) {
    for (std::size_t i = 0; i < recipe.lists.size(); ++i) {
        if (recipe.lists[i].kind == ListKind::kExact)
            refuse(file, fmt::format("the field 'lists[{}].kind' is \"exact\", wanted: vector or "
                                     "bm25, because every stage needs the scores of all items",
                                     i));
        if (recipe.lists[i].required) continue;
        refuse(file, fmt::format("the field 'lists[{}].required' is false, wanted: true, because "
                                 "every stage needs its lists",
                                 i));
    }
}

Json parse_json(std::string_view text, const std::string& file) {
    try {
        return Json::parse(text, nullptr, true, /*ignore_comments=*/true);
    } catch (const Json::exception& error) {
        refuse(file, fmt::format("the file is no JSON: {}", json_complaint(error)));
    }
}

/// The version is optional as long as there is only one.
void check_version(JsonFields& reader) {
    const auto version =
        reader.integer_or("version", kPresetSchema.oldest_readable, 0, kLargestVersion);
    check_schema(kPresetSchema, kPresetSchema.name, version, reader.file());
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& name, const std::string& file) {
    const auto json = parse_json(text, file);
    auto reader = recipe_fields(json, "", file);
    check_version(reader);
    Recipe recipe;
    recipe.name = name;
    recipe.description = reader.text_or("description", "");
    recipe.first_of = reader.names_or_none("first_of");
    if (!recipe.first_of.empty()) {
        reader.refuse_unknown();
        return recipe;
    }
    read_lists(reader, recipe);
    if (const auto* fuse = reader.find("fuse")) recipe.fusion = read_fusion(*fuse, recipe, file);
    if (recipe.fusion.method == "none" && (recipe.lists.size() > 1 || recipe.all_lists))
        reader.fail_missing("fuse", "how several lists become one, say {\"method\": \"wsum\"}");
    if (recipe.fusion.method == "three-stage" && recipe.all_lists)
        reader.fail("lists", "all", "a list of objects: the stages name them");
    if (const auto* verify = reader.find("verify")) recipe.verify = read_verify(*verify, file);
    if (recipe.verify && recipe.wants_complete_lists())
        refuse(file, "the field 'verify' stands beside three-stage, wanted: one of the two");
    if (const auto* rescore = reader.find("rescore")) recipe.rescore = read_matcher(*rescore, file);
    if (recipe.rescore && recipe.wants_complete_lists())
        refuse(file, "the field 'rescore' stands beside three-stage, wanted: one of the two");
    recipe.exact = reader.boolean_or("exact", false);
    if (reader.find("min_score") != nullptr)
        recipe.min_score = reader.number_or("min_score", 0, -kMost, kMost);
    if (reader.find("image_weight") != nullptr)
        recipe.image_weight = reader.number_or("image_weight", 0, 0, 1);
    if (recipe.image_weight && recipe.wants_complete_lists())
        refuse(file, "the field 'image_weight' stands beside three-stage, wanted: one of the two");
    recipe.collapse = reader.text_or("collapse", "");
    if (recipe.fusion.method == "three-stage") require_all_lists(recipe, file);
    reader.refuse_unknown();
    return recipe;
}

}  // namespace pmatch
