/// An evaluation's result as text.
#pragma once

#include <string>
#include <vector>

#include "core/metrics.hpp"

namespace pmatch::cli {

struct EvaluationSource {
    std::string preset;  ///< empty for a stored run
    int depth = 0;       ///< answers asked for per query; 0 for a stored run: all it has
};

/// One row per kind of metric, one column per K; metrics without a K have the last column.
std::string metrics_table(const Metrics& metrics, const std::vector<int>& at,
                          const EvaluationSource& source);

/// {"queries": N, "scored": N, "failed": N, …, "metrics": {"hit@1": x, …}} and a line break.
std::string metrics_json(const Metrics& metrics, const EvaluationSource& source);

}  // namespace pmatch::cli
