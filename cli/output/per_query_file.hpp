/// Per-query results for a spreadsheet or a notebook.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/output/metrics_printer.hpp"

namespace pmatch::cli {

/// Throws UsageError unless the extension is .csv, .jsonl or .ndjson.
void check_per_query_file(const std::filesystem::path& file);

/// One row per query of the table, in its order: query, the fields of the slices, then the table's
/// columns. Written atomically.
void write_per_query(const std::filesystem::path& file, const ScoreTable& table,
                     const std::vector<SliceResult>& slices);

}  // namespace pmatch::cli
