/// Truth files: CSV or TSV with header, or TREC qrels.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/metrics/truth.hpp"

namespace pmatch {

/// Meaning of a table row with a query but no item.
enum class EmptyItem {
    kRefused,
    kNoMatch  ///< the query was judged to have no relevant item
};

/// Reads qrels (`query 0 item grade`, blank-separated, ids decoded, see trec_id.hpp) if the
/// extension is .qrels or .trec, or if the first line has these four columns (in a .csv or .tsv the
/// second must be 0 or Q0); otherwise a table. `columns` names the table's columns: query, item and
/// optionally grade; empty means `query`, `item` and, if present, `grade`. Without a grade column
/// all grades are 1. Negative grades become 0. Throws Error, naming the line, for any malformed
/// line and for a pair with two different grades.
Truth read_truth(const std::filesystem::path& file, const std::vector<std::string>& columns = {},
                 EmptyItem empty = EmptyItem::kRefused);

}  // namespace pmatch
