/// Command-line options that `query` and `evaluate` share.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/query_feed.hpp"

namespace pmatch::cli {

inline constexpr const char* kPresetHelp =
    "auto (the picture if the query has one, else the text), image, text, lexical (the text's "
    "terms by BM25), or the name of a space or lexical index";

/// --queries and --image-root. `--text` and `--image` differ between the two commands.
inline void add_query_file_options(CLI::App& cmd, QueryFileOptions& options) {
    cmd.add_option("--queries", options.source,
                   "Query file with the columns of the catalog (CSV, TSV, JSONL), or - for "
                   "standard input");
    cmd.add_option("--image-root", options.image_root,
                   "Directory of the query pictures; nothing outside it is read [default: the "
                   "query file's directory, without that limit]");
}

}  // namespace pmatch::cli
