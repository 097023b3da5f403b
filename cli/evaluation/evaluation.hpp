/// The result of an evaluation: printed, compared with a baseline, and checked by a gate.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "cli/evaluation/missed_queries.hpp"
#include "core/metrics/bootstrap.hpp"
#include "core/metrics/metrics.hpp"
#include "core/metrics/protocol_lint.hpp"
#include "core/metrics/quality_gate.hpp"

namespace pmatch {

struct EvaluationSource {
    std::string preset;  ///< empty for a stored run
    int depth = 0;       ///< answers per query; 0 for a stored run: all it has
};

struct SliceResult {
    SliceName name;
    QueryNumbers queries;  ///< rows of the score table
    std::size_t scored = 0;
    std::vector<double> values;  ///< in the order of ScoreTable::metrics()
    std::vector<Interval> intervals;
};

struct Evaluation {
    Metrics metrics;
    EvaluationSource source;
    ScoreColumns columns;
    BootstrapOptions bootstrap;
    std::vector<Interval> intervals;  ///< none with --bootstrap 0
    std::vector<SliceResult> slices;
    std::vector<GateCheck> checks;  ///< failed first
    std::vector<LintWarning> warnings;
    std::vector<MissedQuery> missed;  ///< the first that failed or found nothing true, if wanted
    std::size_t missed_count = 0;     ///< of all that did
    std::string query_set;            ///< hash of the scored queries' ids
    std::string truth_set;            ///< hash of their true items and grades

    bool passed() const { return checks.empty() || !checks.front().failed(); }
    std::size_t failed_checks() const {
        return static_cast<std::size_t>(std::count_if(
            checks.begin(), checks.end(), [](const GateCheck& check) { return check.failed(); }));
    }
};

}  // namespace pmatch
