/// The gate of `evaluate`: which checks were asked for, and what they measured.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/evaluation/baseline.hpp"
#include "cli/evaluation/evaluation.hpp"

namespace pmatch {

/// As the command line has them.
struct GateOptions {
    std::vector<std::string> fail_under;
    std::vector<std::string> max_drop;
    std::filesystem::path baseline;
    bool significant = false;
    std::uint64_t seed = 1;
};

class Gate {
public:
    /// Throws UsageError when options contradict each other, or a bound names a metric that this
    /// evaluation does not have. Reads the baseline.
    Gate(const GateOptions& options, const ScoreColumns& columns);

    /// Fields of slices that bounds name, without those already in `fields`.
    std::vector<std::string> add_fields(std::vector<std::string> fields) const;

    /// Failed checks first. UsageError when a slice has no queries, or the baseline was measured
    /// on other queries or another truth, or lacks what is to be compared.
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
