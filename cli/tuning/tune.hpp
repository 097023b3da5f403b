/// `pmatch tune`: retrieves lists once, evaluates many recipes, chooses the best on one half of the
/// labels and evaluates it on the other; writes a preset file and a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "cli/tuning/tune_report.hpp"
#include "core/common/observer.hpp"

namespace pmatch {

struct TuneOptions {
    std::filesystem::path collection;
    QueryFileOptions queries;
    std::filesystem::path truth;
    std::vector<std::string> truth_columns;
    std::string preset = "auto";
    std::string metric = "recall@1";
    std::string threshold;      ///< empty, "f1" or "precision=P"
    std::size_t recipes = 200;  ///< at most, without single lists, the start and matchers
    int splits = 5;
    std::uint64_t seed = 1;
    bool batch = false;
    bool no_bm25 = false;
    std::filesystem::path out;
};

struct Tuned {
    TuneReport report;
    std::int64_t failed = 0;  ///< queries that some list could not answer
    double seconds = 0;
};

/// Writes the preset file; `write` formats the command in its comment.
Tuned run_tune(const TuneOptions& options, const CommandWriter& write, const Execution& execution);

}  // namespace pmatch
