/// From a collection or a stored run to scored queries.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "core/common/observer.hpp"
#include "core/engine/request.hpp"
#include "core/metrics/metrics.hpp"
#include "core/metrics/protocol_lint.hpp"
#include "core/metrics/quality_gate.hpp"

namespace pmatch {

struct AnswerSource {
    std::filesystem::path collection;  ///< or
    std::filesystem::path run;
    QueryFileOptions queries;         ///< with a run it may be empty
    RankingOptions ranking;           ///< of a collection
    int depth = 0;                    ///< answers to ask for
    std::vector<std::string> slices;  ///< fields, see slices.hpp
    bool strict = false;              ///< the lint's warnings are an Error
};

struct ScoredAnswers {
    std::vector<LintWarning> warnings;
    std::vector<std::pair<SliceName, QueryNumbers>> slices;
};

/// Lints, answers and scores. A query file is read once for the lint and once to be answered;
/// standard input can be read only once, so its lint comes after the answers. A query whose id was
/// there before is left out.
ScoredAnswers score_collection(const AnswerSource& source, const Execution& execution,
                               const Truth& truth, Scorer& scorer);

/// With a query file: its queries in its order, those that the run lacks as without answers.
ScoredAnswers score_run(const AnswerSource& source, const Execution& execution, const Truth& truth,
                        Scorer& scorer);

}  // namespace pmatch
