#include "core/preset/rerank_model_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/preset/recipe_fields.hpp"
#include "core/rerank/reranker.hpp"

namespace pmatch {
namespace {

constexpr double kMost = 1e9;
constexpr double kLeastScale = 1e-9;
constexpr int kDeepest = 100'000;

std::vector<FeatureWeight> read_features(JsonFields& parent, const std::string& key) {
    const auto* json = parent.find(key);
    if (json == nullptr || !json->is_array() || json->empty())
        parent.fail_missing(key, "a list of features with mean, scale and weight");
    std::vector<FeatureWeight> features;
    for (std::size_t i = 0; i < json->size(); ++i) {
        auto reader = parent.inside((*json)[i], fmt::format("{}[{}]", key, i));
        FeatureWeight feature;
        feature.name = reader.text_or("feature", "");
        if (feature.name.empty()) reader.fail_missing("feature", "the name of a feature");
        feature.mean = reader.number_or("mean", 0, -kMost, kMost);
        feature.scale = reader.number_or("scale", 1, kLeastScale, kMost);
        feature.weight = reader.number_or("weight", 0, -kMost, kMost);
        reader.refuse_unknown();
        features.push_back(feature);
    }
    return features;
}

}  // namespace

RerankModel read_matcher(const nlohmann::json& json, const std::string& file) {
    auto reader = recipe_fields(json, "rescore", file);
    RerankModel model;
    model.candidates = reader.integer_or("candidates", model.candidates, 1, kDeepest);
    model.kept = reader.integer_or("kept", model.kept, 1, kDeepest);
    model.title = reader.names_or_none("title");
    model.price = reader.names_or_none("price");
    model.mpn = reader.names_or_none("mpn");
    model.brand = reader.names_or_none("brand");
    model.gtin = reader.names_or_none("gtin");
    model.alone = read_features(reader, "alone");
    model.batch = read_features(reader, "batch");
    if (reader.find("odds") != nullptr) model.odds = read_features(reader, "odds");
    reader.refuse_unknown();
    const auto& names = batch_feature_names();
    for (const auto& feature : model.batch) {
        if (std::find(names.begin(), names.end(), feature.name) != names.end()) continue;
        refuse(file, fmt::format("the field 'rescore.batch' names the feature '{}', wanted: one of "
                                 "{}",
                                 feature.name, fmt::join(names, ", ")));
    }
    return model;
}

}  // namespace pmatch
