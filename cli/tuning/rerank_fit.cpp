#include "cli/tuning/rerank_fit.hpp"

#include <algorithm>

namespace pmatch {
namespace {

/// Strength of the prior: the information of all queries counts as that of this many labelled ones,
/// plus a ridge on every weight. Tuned on public data sets; docs/tune.md has the results.
constexpr double kPriorQueries = 30;
constexpr double kRidge = 10;

}  // namespace

std::vector<FitFeature> fit_features(const std::vector<FeatureWeight>& model,
                                     const std::vector<std::string>& names) {
    std::vector<FitFeature> features;
    for (const auto& [name, mean, scale, weight] : model) {
        const auto at = std::find(names.begin(), names.end(), name);
        features.push_back({at == names.end() ? FitFeature::kNoColumn
                                              : static_cast<std::size_t>(at - names.begin()),
                            mean, 1 / scale});
    }
    return features;
}

std::vector<double> weights_of(const std::vector<FeatureWeight>& model) {
    std::vector<double> weights;
    for (const auto& feature : model)
        weights.push_back(feature.weight);
    return weights;
}

void set_weights(std::vector<FeatureWeight>& model, const std::vector<double>& weights) {
    for (std::size_t i = 0; i < model.size(); ++i)
        model[i].weight = weights[i];
}

FitMatrix prior_of(const FitData& data, const std::vector<FeatureWeight>& model) {
    auto prior = fisher_information(data, weights_of(model));
    const auto queries = std::max<std::size_t>(1, data.queries.size());
    const double factor = kPriorQueries / static_cast<double>(queries);
    for (auto& value : prior)
        value *= factor;
    for (std::size_t i = 0; i < model.size(); ++i)
        prior[i * model.size() + i] += kRidge;
    return prior;
}

}  // namespace pmatch
