/// The quality gate of `evaluate`: requested checks and their results.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/evaluation/baseline.hpp"
#include "cli/evaluation/evaluation.hpp"

namespace pmatch {

/// As on the command line.
struct GateOptions {
    std::vector<std::string> fail_under;
    std::vector<std::string> max_drop;
    std::filesystem::path baseline;
    bool significant = false;
    std::uint64_t seed = 1;
};

class Gate {
public:
    /// Reads the baseline. Throws UsageError if options contradict each other, or a bound names a
    /// metric missing in this evaluation.
    Gate(const GateOptions& options, const ScoreColumns& columns);

    /// Returns `fields` plus the missing fields of slices named in bounds.
    std::vector<std::string> add_fields(std::vector<std::string> fields) const;

    /// Failed checks first. Throws UsageError if a slice has no queries, or the baseline was
    /// measured on other queries or another truth, or lacks a value to compare.
    std::vector<GateCheck> judge(const Evaluation& evaluation, const ScoreTable& table) const;

private:
    void check_baseline_is_comparable(const Evaluation& evaluation) const;
    double baseline_value(const GateBound& bound, const SliceResult* slice,
                          const ScoreTable& table) const;
    double p_value(const GateBound& bound, const QueryNumbers& queries,
                   const ScoreTable& table) const;

    GateOptions options_;
    std::vector<GateBound> floors_;
    std::vector<GateBound> drops_;
    std::optional<Baseline> baseline_;
};

}  // namespace pmatch
