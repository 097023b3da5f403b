/// `pmatch tune`: lists asked once → many recipes → the best on one half of the labels, judged on
/// the other → a preset file and a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/job.hpp"
#include "cli/query_feed.hpp"

namespace pmatch::cli {

struct TuneOptions {
    std::filesystem::path collection;
    QueryFileOptions queries;
    std::filesystem::path truth;
    std::vector<std::string> truth_columns;
    std::string preset = "auto";
    std::string metric = "recall@1";
    std::string threshold;      ///< empty, "f1" or "precision=P"
    std::size_t recipes = 200;  ///< at most, but for single lists, the start and matchers
    int splits = 5;
    std::uint64_t seed = 1;
    bool batch = false;
    bool no_bm25 = false;
    std::filesystem::path out;
    std::string format = "table";
};

ExitCode run_tune(const TuneOptions& options, Context& context);

}  // namespace pmatch::cli
