/// A linear model over named columns: Σ weight · (value − mean) / scale.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/ranking/rerank_model.hpp"

namespace pmatch {

class LinearModel {
public:
    LinearModel() = default;
    /// `names` are the columns of the rows; features of other names contribute 0.
    LinearModel(std::span<const FeatureWeight> features, const std::vector<std::string>& names);

    /// Missing values (NaN) contribute 0.
    double of(std::span<const float> row) const;

private:
    struct Column {
        std::size_t number;
        double mean;
        double factor;
    };
    std::vector<Column> columns_;
};

}  // namespace pmatch
