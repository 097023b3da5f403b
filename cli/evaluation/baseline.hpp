/// A previous result of `evaluate --format json`, for comparison.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "core/metrics/quality_gate.hpp"
#include "core/metrics/score_table.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

struct Baseline {
    std::filesystem::path file;
    std::size_t scored = 0;
    std::string query_set;
    std::string truth_set;
    std::map<std::string, double> metrics;
    std::map<SliceName, std::map<std::string, double>> slices;
    /// With the columns of this run; set if the baseline was written --with-queries.
    std::optional<ScoreTable> queries;
};

/// Throws Error if the file is not such a result, and UsageError if its per-query values lack one
/// of `columns`.
Baseline read_baseline(const std::filesystem::path& file, const ScoreColumns& columns);

/// Two hashes of a score table's scored queries, independent of their order: of their ids, and of
/// their true items and grades.
struct QuerySet {
    std::string queries;
    std::string truth;
};
QuerySet query_set(const ScoreTable& table, const Truth& truth);

}  // namespace pmatch
