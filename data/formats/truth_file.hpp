/// Truth files: CSV or TSV with header, or TREC qrels.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/metrics/truth.hpp"

namespace pmatch {

/// What a table's row with a query and no item means.
enum class EmptyItem {
    kRefused,
    kNoMatch  ///< the query was judged and has no true item
};

/// Reads qrels (`query 0 item grade`, blank-separated, ids decoded as trec_id.hpp says) when the
/// extension is .qrels or .trec, or when it is neither .csv nor .tsv and the first line has
/// these four columns; else a table.
/// `columns` names the table's columns: query, item and, as a third, grade; empty means `query`,
/// `item` and, if there is one, `grade`. Without a grade column all grades are 1. A grade below
/// 0 becomes 0.
/// A truth file is right as a whole or not at all: any bad line, and a pair with two different
/// grades, is an Error that names the line.
Truth read_truth(const std::filesystem::path& file, const std::vector<std::string>& columns = {},
                 EmptyItem empty = EmptyItem::kRefused);

}  // namespace pmatch
