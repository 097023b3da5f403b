/// Runs in TREC form: `query Q0 item rank score tag`, read by trec_eval and its relatives.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/ranked_answers.hpp"

namespace pmatch {

/// Queries in order of appearance; answers by score, best first, equal scores by ascending bytes
/// of the item id. The rank column is not looked at, as in trec_eval. Ids are decoded as
/// trec_id.hpp says. A bad line, or an item that a query has twice, is an Error naming the line.
std::vector<QueryAnswers> read_run(const std::filesystem::path& file);

/// One line per answer. Scores are written strictly decreasing (an equal one as the next smaller
/// float), because trec_eval orders by score alone and breaks ties its own way.
/// A query without answers has no line.
std::string trec_lines(const QueryAnswers& answers, std::string_view tag = "pmatch");

}  // namespace pmatch
