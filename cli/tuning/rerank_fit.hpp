/// Converts re-ranker weights to and from the form of listwise_fit.
#pragma once

#include <string>
#include <vector>

#include "core/ranking/rerank_model.hpp"
#include "core/rerank/listwise_fit.hpp"

namespace pmatch {

/// `names` are the columns of the rows; features of other names are always missing.
std::vector<FitFeature> fit_features(const std::vector<FeatureWeight>& model,
                                     const std::vector<std::string>& names);

std::vector<double> weights_of(const std::vector<FeatureWeight>& model);
void set_weights(std::vector<FeatureWeight>& model, const std::vector<double>& weights);

/// Regularisation strength: Fisher information per query, times a number of pseudo-queries, plus a
/// ridge.
FitMatrix prior_of(const FitData& data, const std::vector<FeatureWeight>& model);

}  // namespace pmatch
