/// TREC run files: `query Q0 item rank score tag`, as read by trec_eval and similar tools.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/ranked_answers.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

struct StoredRun {
    std::vector<QueryAnswers> queries;  ///< in order of appearance
    std::size_t tied = 0;               ///< number of queries with answers of equal score
};

/// Answers come in trec_eval's order, whoever wrote the run: by descending score, a float there,
/// ties by descending bytes of the item id as written; the rank column is ignored. Ids are decoded
/// (see trec_id.hpp) unless `truth` has them only as they are written, which may be in a CSV file
/// of another program. Throws Error, naming the line, for a malformed line or a duplicate item of a
/// query.
StoredRun read_run(const std::filesystem::path& file, const Truth& truth = {});

/// One line per answer. Scores are written strictly decreasing (ties as the next smaller float),
/// because trec_eval sorts by score only and breaks ties differently from our contract. A query
/// without answers has no line.
std::string trec_lines(const QueryAnswers& answers, std::string_view tag = "pmatch");

}  // namespace pmatch
