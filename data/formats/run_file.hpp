/// TREC run files: `query Q0 item rank score tag`, as read by trec_eval and similar tools.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/ranked_answers.hpp"

namespace pmatch {

/// Queries in order of appearance; answers by descending score, ties by ascending bytes of the item
/// id. The rank column is ignored, as in trec_eval. Ids are decoded, see trec_id.hpp. Throws Error,
/// naming the line, for a malformed line or a duplicate item of a query.
std::vector<QueryAnswers> read_run(const std::filesystem::path& file);

/// One line per answer. Scores are written strictly decreasing (ties as the next smaller float),
/// because trec_eval sorts by score only and breaks ties differently. A query without answers has
/// no line.
std::string trec_lines(const QueryAnswers& answers, std::string_view tag = "pmatch");

}  // namespace pmatch
