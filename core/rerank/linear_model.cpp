#include "core/rerank/linear_model.hpp"

#include <algorithm>
#include <cmath>

namespace pmatch {

LinearModel::LinearModel(std::span<const FeatureWeight> features,
                         const std::vector<std::string>& names) {
    for (const auto& [name, mean, scale, weight] : features) {
        const auto at = std::find(names.begin(), names.end(), name);
        if (at == names.end()) continue;
        columns_.push_back({static_cast<std::size_t>(at - names.begin()), mean, weight / scale});
    }
}

double LinearModel::of(std::span<const float> row) const {
    double sum = 0;
    for (const auto& [number, mean, factor] : columns_) {
        if (!std::isnan(row[number])) sum += (row[number] - mean) * factor;
    }
    return sum;
}

}  // namespace pmatch
