#include "core/matcher_json.hpp"

#include <algorithm>

#include "core/json_reader.hpp"
#include "core/matcher.hpp"

namespace pmatch {
namespace {

constexpr double kMost = 1e9;
constexpr double kLeastScale = 1e-9;
constexpr int kDeepest = 100'000;

std::vector<WeighedFeature> read_features(JsonReader& parent, const std::string& key) {
    const auto* json = parent.find(key);
    if (json == nullptr || !json->is_array() || json->empty())
        parent.fail_missing(key, "a list of features with mean, scale and weight");
    std::vector<WeighedFeature> features;
    for (std::size_t i = 0; i < json->size(); ++i) {
        JsonReader reader((*json)[i], fmt::format("{}[{}]", parent.named(key), i), parent.file());
        WeighedFeature feature;
        feature.name = reader.string("feature", "");
        if (feature.name.empty()) reader.fail_missing("feature", "the name of a feature");
        feature.mean = reader.number("mean", 0, -kMost, kMost);
        feature.scale = reader.number("scale", 1, kLeastScale, kMost);
        feature.weight = reader.number("weight", 0, -kMost, kMost);
        reader.refuse_unknown();
        features.push_back(feature);
    }
    return features;
}

}  // namespace

MatcherModel read_matcher(const nlohmann::json& json, const std::string& file) {
    JsonReader reader(json, "rescore", file);
    MatcherModel model;
    model.candidates = reader.integer("candidates", model.candidates, 1, kDeepest);
    model.kept = reader.integer("kept", model.kept, 1, kDeepest);
    model.title = reader.strings("title");
    model.price = reader.strings("price");
    model.mpn = reader.strings("mpn");
    model.brand = reader.strings("brand");
    model.alone = read_features(reader, "alone");
    model.batch = read_features(reader, "batch");
    if (reader.find("odds") != nullptr) model.odds = read_features(reader, "odds");
    reader.refuse_unknown();
    const auto& names = return_feature_names();
    for (const auto& feature : model.batch) {
        if (std::find(names.begin(), names.end(), feature.name) != names.end()) continue;
        refuse(file, fmt::format("the field 'rescore.batch' names the feature '{}', wanted: one of "
                                 "{}",
                                 feature.name, fmt::join(names, ", ")));
    }
    return model;
}

}  // namespace pmatch
