/// An evaluation's result as text in five formats. Failed checks come first in each.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/evaluation/evaluation.hpp"

namespace pmatch::cli {

/// One row per kind of metric and one with its intervals, one column per K; metrics without K are
/// in the last column.
std::string metrics_table(const Evaluation& evaluation);
std::string metrics_markdown(const Evaluation& evaluation);

/// {"queries": N, "scored": N, "failed": N, …, "metrics": {"hit@1": x, …}} and a line break;
/// with `table` also "per_query".
std::string metrics_json(const Evaluation& evaluation, const ScoreTable* table);

/// JUnit XML for Jenkins, GitLab and GitHub Actions: one test case per check.
std::string metrics_junit(const Evaluation& evaluation);

/// What it was measured with, for people: "collection", "shop".
using Settings = std::vector<std::pair<std::string, std::string>>;

/// A page of HTML, self-contained: figures, gate, slices, settings and the queries that missed.
std::string metrics_html(const Evaluation& evaluation, const Settings& settings);

/// The checks of the gate, headers first.
std::vector<std::vector<std::string>> check_grid(const Evaluation& evaluation);
/// The cells of the table of metrics, headers first. Shared by table, markdown and HTML.
std::vector<std::vector<std::string>> metric_grid(const Evaluation& evaluation);
/// The same for one field's slices: value, scored, recall@K…, mrr, ndcg@10 and, with a threshold,
/// f1.
std::vector<std::vector<std::string>> slice_grid(const Evaluation& evaluation,
                                                 const std::string& field);
/// Fields in the requested order.
std::vector<std::string> slice_fields(const Evaluation& evaluation);
/// "66 queries, 66 scored, …" without a line break.
std::string counts_line(const Evaluation& evaluation);

}  // namespace pmatch::cli
