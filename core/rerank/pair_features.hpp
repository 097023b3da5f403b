/// Features of a pair of query and item, in families. Names and values have the same order; trained
/// models refer to the names, so the meaning of a name never changes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rerank/match_record.hpp"

namespace pmatch {

/// Related features; each family is in the file named like its function, with their definitions.
struct FeatureFamily {
    std::span<const std::string_view> names;
    void (*fill)(const MatchRecord& query, const MatchRecord& item, std::span<float> values);
};

FeatureFamily token_overlap_features();
FeatureFamily model_number_features();
FeatureFamily measure_features();
FeatureFamily price_features();
FeatureFamily identifier_features();
FeatureFamily model_number_overlap_features();

/// The names of all families, concatenated.
const std::vector<std::string>& pair_feature_names();
/// `values` has the size of pair_feature_names().
void pair_features(const MatchRecord& query, const MatchRecord& item, std::span<float> values);

}  // namespace pmatch
