/// Features of a query and an item, in families. The order of names and values is the same; names
/// are what a trained model (matcher_model.hpp) weighs, so the meaning of a name never changes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rerank/match_record.hpp"

namespace pmatch {

/// Features of one kind; each lives in match_<name>.cpp with what its values mean.
struct FeatureFamily {
    std::span<const std::string_view> names;
    void (*fill)(const MatchRecord& query, const MatchRecord& item, std::span<float> values);
};

FeatureFamily overlap_features();
FeatureFamily model_number_features();
FeatureFamily measure_features();
FeatureFamily price_features();
FeatureFamily identity_features();
FeatureFamily common_model_features();

/// Of all families, one after the other.
const std::vector<std::string>& pair_feature_names();
/// `values` has the size of pair_feature_names().
void pair_features(const MatchRecord& query, const MatchRecord& item, std::span<float> values);

}  // namespace pmatch
