/// The sum of a linear model over named columns: Σ weight · (value − mean) / scale.
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
    /// `names` are the columns of the rows; a feature that is not among them adds nothing.
    LinearModel(std::span<const FeatureWeight> features, const std::vector<std::string>& names);

    /// An absent value (NaN) adds nothing.
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
