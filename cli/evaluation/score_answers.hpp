/// Answers (or reads from a stored run) and scores the queries of an evaluation.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "cli/evaluation/missed_queries.hpp"
#include "core/common/observer.hpp"
#include "core/engine/request.hpp"
#include "core/metrics/metrics.hpp"
#include "core/metrics/protocol_lint.hpp"
#include "core/metrics/quality_gate.hpp"

namespace pmatch {

struct AnswerSource {
    std::filesystem::path collection;  ///< either a collection, or
    std::filesystem::path run;
    QueryFileOptions queries;         ///< may be empty with a run
    RankingOptions ranking;           ///< only with a collection
    std::string engine = {};          ///< likewise, see EngineOptions
    int depth = 0;                    ///< answers per query
    std::vector<std::string> slices;  ///< fields, see slices.hpp
    bool strict = false;              ///< treat the lint's warnings as an Error
    std::size_t most_missed = 0;      ///< queries that missed, to keep
};

struct ScoredAnswers {
    std::vector<LintWarning> warnings;
    std::vector<std::pair<SliceName, QueryNumbers>> slices;
    std::vector<MissedQuery> missed;
    std::size_t missed_count = 0;  ///< also those not kept
};

/// Lints, answers and scores. A query file is read twice, for the lint and for the answers;
/// standard input only once, so its lint comes last. Queries with a repeated id are skipped.
ScoredAnswers score_collection(const AnswerSource& source, const Execution& execution,
                               const Truth& truth, Scorer& scorer);

/// With a query file: its queries in order; those missing in the run count as unanswered.
ScoredAnswers score_run(const AnswerSource& source, const Execution& execution, const Truth& truth,
                        Scorer& scorer);

}  // namespace pmatch
