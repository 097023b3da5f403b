/// Command-line options shared by commands with queries.
#pragma once

#include <string>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "cli/terminal/option_parser.hpp"
#include "core/common/error.hpp"
#include "core/engine/request.hpp"
#include "data/formats/table_format.hpp"

namespace pmatch::cli {

/// How a catalog or query file is written, if not as its extension says.
inline void add_table_format_options(Verb& cmd, TableFormat& format) {
    cmd.add_option("--delimiter", format.delimiter,
                   "Character between the cells of a table, or tab [default: a tab in .tsv, else a "
                   "comma]")
        ->check({problem_of_delimiter});
    cmd.add_option("--encoding", format.encoding,
                   "Encoding of the file, by any name that iconv knows, e.g. windows-1252, UTF-16 "
                   "[default: UTF-8]");
    cmd.add_option("--quotes", format.quotes,
                   "Whether quotes enclose cells (standard) or are ordinary characters (literal)")
        ->capture_default_str()
        ->check(one_of({"standard", "literal"}));
}

/// --queries, which is returned, and --image-root.
inline Option* add_query_file_options(Verb& cmd, QueryFileOptions& options) {
    auto* queries = cmd.add_option("--queries", options.source,
                                   "Query file with the columns of the catalog (CSV, TSV, JSONL), "
                                   "or - for standard input");
    cmd.add_option("--image-root", options.image_root,
                   "Directory of the query pictures; nothing outside it is read [default: the "
                   "query file's directory, without that limit]");
    add_table_format_options(cmd, options.format);
    return queries;
}

/// --text and --image for commands that always have a query file.
inline void add_query_columns(Verb& cmd, QueryFileOptions& options) {
    cmd.add_option("--text", options.text, "Columns of the query file that form the text")
        ->delimiter(',');
    cmd.add_option("--image", options.images, "Columns of the query file with picture paths")
        ->delimiter(',');
}

inline void add_graded_truth_columns(Verb& cmd, std::vector<std::string>& columns) {
    cmd.add_option("--truth-columns", columns,
                   "Columns of the truth file: QUERY,ITEM[,GRADE] [default: query,item and, if "
                   "there is one, grade]")
        ->delimiter(',');
}

/// The recipe that items are ranked by, and the items that are eligible.
inline void add_recipe_options(Verb& cmd, RankingOptions& options) {
    cmd.add_option("--preset", options.preset,
                   "Ranking recipe: a name of `pmatch presets`, a preset file, or the name of a "
                   "space or lexical index")
        ->capture_default_str();
    cmd.add_option("--image-weight", options.image_weight,
                   "Weight of the query's picture relative to its text, 0 to 1 [default preset "
                   "with it: multimodal]")
        ->check(range(0.0, 1.0));
    cmd.add_option("--where", options.where,
                   "Return only items that satisfy this SQL expression over their fields, e.g. "
                   "\"price < 50 and colour = 'red'\"")
        ->check({[](const std::string& condition) {
            const bool blank = condition.find_first_not_of(" \t\n") == std::string::npos;
            return blank ? std::string("an empty condition; leave --where out for all items")
                         : std::string();
        }});
    cmd.add_flag("--batch", options.batch,
                 "Rank the whole query file jointly: an item counts more for the query that "
                 "matches it best (needs a file, and memory for all answers)");
}

/// Who searches for vectors.
inline void add_engine_option(Verb& cmd, std::string& engine) {
    cmd.add_option(
        "--engine", engine,
        "Ask a PostgreSQL server that `pmatch push` filled, instead of the indexes here: "
        "its name (postgres) or address");
}

/// How answers are ranked and filtered.
inline void add_ranking_options(Verb& cmd, RankingOptions& options) {
    add_recipe_options(cmd, options);
    cmd.add_option("--collapse", options.collapse,
                   "Return only the best item for each value of this field");
    cmd.add_flag("--exclude-self", options.exclude_self,
                 "Exclude the item with the query's own id");
    cmd.add_option("--min-score", options.min_score,
                   "Drop items below this score [default: the preset's]");
}

inline void check_batch_is_a_file(const RankingOptions& options, const QueryFileOptions& file) {
    if (!options.batch || (!file.source.empty() && file.source != "-")) return;
    throw UsageError{"--batch takes the queries of a file together, and there is no file",
                     "give --queries FILE, or leave --batch out"};
}

}  // namespace pmatch::cli
