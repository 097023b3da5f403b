/// A model's weights as what listwise_fit learns, and back.
#pragma once

#include <string>
#include <vector>

#include "core/ranking/rerank_model.hpp"
#include "core/rerank/listwise_fit.hpp"

namespace pmatch {

/// `names` are the columns of the rows; a feature that is not among them is always absent.
std::vector<FitFeature> fit_features(const std::vector<FeatureWeight>& model,
                                     const std::vector<std::string>& names);

std::vector<double> weights_of(const std::vector<FeatureWeight>& model);
void set_weights(std::vector<FeatureWeight>& model, const std::vector<double>& weights);

/// How much the weights are held: Fisher's information of a query, times the queries it stands for,
/// and a ridge.
FitMatrix prior_of(const FitData& data, const std::vector<FeatureWeight>& model);

}  // namespace pmatch
