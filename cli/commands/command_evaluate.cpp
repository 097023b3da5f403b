#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/evaluation/baseline.hpp"
#include "cli/evaluation/evaluate_gate.hpp"
#include "cli/evaluation/score_answers.hpp"
#include "cli/output/metrics_printer.hpp"
#include "cli/output/per_query_file.hpp"
#include "core/common/version.hpp"
#include "core/files/atomic_file.hpp"
#include "data/engines/engine_url.hpp"
#include "data/formats/truth_file.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kMostMissed = 100;  ///< queries shown on a page

struct Options {
    AnswerSource source;
    std::filesystem::path truth;
    std::vector<std::string> truth_columns;
    ScoreColumns columns{{1, 5, 10}, std::nullopt};
    BootstrapOptions bootstrap;
    GateOptions gate;
    std::vector<std::string> by;
    std::filesystem::path per_query;
    bool with_queries = false;
    std::string format = "table";
    std::filesystem::path output;
};

void check_one_source_of_answers(const AnswerSource& source) {
    const bool has_run = !source.run.empty();
    const bool has_collection = !source.collection.empty();
    if (has_run == has_collection) {
        throw UsageError{
            has_run ? "--run and a collection exclude each other" : "there is nothing to evaluate",
            "give COLLECTION with --queries FILE, or --run FILE alone"};
    }
    if (has_collection && source.queries.source.empty()) {
        throw UsageError{"--queries is missing", "give --queries FILE, or score a run: --run FILE"};
    }
}

void check_queries_have_a_place(const Options& options) {
    if (!options.per_query.empty()) check_per_query_file(options.per_query);
    if (options.with_queries && options.format != "json") {
        throw UsageError{fmt::format("--with-queries is for --format json, not {}", options.format),
                         "give --format json, or --per-query FILE.csv"};
    }
}

/// Removes repeated K, keeping the order.
std::vector<int> distinct(const std::vector<int>& at) {
    std::vector<int> ranks;
    for (const int k : at) {
        if (std::find(ranks.begin(), ranks.end(), k) == ranks.end()) ranks.push_back(k);
    }
    return ranks;
}

/// Writes atomically to the file, or to stdout.
void write(const std::filesystem::path& output, const std::string& text) {
    if (output.empty()) {
        std::cout << text;
        return;
    }
    AtomicFile file(output);
    file.write(text);
    file.publish();
}

std::vector<SliceResult> measure_slices(const Options& options, const ScoreTable& table,
                                        std::vector<std::pair<SliceName, QueryNumbers>> slices) {
    std::vector<SliceResult> results;
    for (auto& [name, queries] : slices) {
        SliceResult slice{std::move(name), std::move(queries), 0, {}, {}};
        slice.values = table.values(slice.queries);
        slice.scored = static_cast<std::size_t>(table.sums(slice.queries).front());
        slice.intervals = bootstrap_intervals(table, slice.queries, options.bootstrap);
        results.push_back(std::move(slice));
    }
    return results;
}

/// For people: what is not in the evaluation itself.
Settings settings_of(const Options& options) {
    const auto& source = options.source;
    const auto& ranking = source.ranking;
    Settings settings;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) settings.emplace_back(name, value);
    };
    add("collection", source.collection.string());
    add("run", source.run.string());
    add("queries", source.queries.source);
    add("truth", options.truth.string());
    add("engine", url_without_password(source.engine));
    add("where", ranking.where);
    add("collapse", ranking.collapse);
    if (ranking.image_weight) add("image weight", fmt::format("{}", *ranking.image_weight));
    if (ranking.min_score) add("smallest score", fmt::format("{}", *ranking.min_score));
    if (ranking.batch) add("batch", "the query file together");
    add("pmatch", kVersion);
    return settings;
}

std::string print(const Options& options, const Evaluation& evaluation, const ScoreTable& table) {
    if (options.format == "json") {
        return metrics_json(evaluation, options.with_queries ? &table : nullptr);
    }
    if (options.format == "markdown") return metrics_markdown(evaluation);
    if (options.format == "junit") return metrics_junit(evaluation);
    if (options.format == "html") return metrics_html(evaluation, settings_of(options));
    return metrics_table(evaluation);
}

/// Printed even under --quiet: a failing job should say why.
void say_what_failed(const Evaluation& evaluation, Context& context) {
    std::string checks;
    for (const auto& check : evaluation.checks) {
        if (check.failed()) checks += "\n  " + check.sentence();
    }
    context.console.error(
        {fmt::format("below the gate: {} of {} checks failed{}", evaluation.failed_checks(),
                     evaluation.checks.size(), checks),
         {},
         "--per-query FILE.csv shows which queries lost"});
}

Evaluation measure(const Options& options, Scorer& scorer, ScoredAnswers scored,
                   const Truth& truth) {
    Evaluation evaluation;
    evaluation.metrics = scorer.result();
    if (evaluation.metrics.scored == 0) {
        throw Error{fmt::format("none of the {} queries has a true item in the truth file",
                                evaluation.metrics.queries),
                    options.truth.string(),
                    "name its columns: --truth-columns QUERY,ITEM[,GRADE], or give the file that "
                    "belongs to these queries"};
    }
    if (options.source.run.empty()) {
        evaluation.source = {options.source.ranking.preset, options.source.depth};
    }
    evaluation.columns = options.columns;
    evaluation.bootstrap = options.bootstrap;
    evaluation.warnings = std::move(scored.warnings);
    evaluation.missed = std::move(scored.missed);
    evaluation.missed_count = scored.missed_count;
    const auto& table = scorer.table();
    evaluation.intervals = bootstrap_intervals(table, table.all(), options.bootstrap);
    evaluation.slices = measure_slices(options, table, std::move(scored.slices));
    auto [queries, pairs] = query_set(table, truth);
    evaluation.query_set = std::move(queries);
    evaluation.truth_set = std::move(pairs);
    return evaluation;
}

ExitCode run(Options options, Context& context) {
    check_one_source_of_answers(options.source);
    check_queries_have_a_place(options);
    check_batch_is_a_file(options.source.ranking, options.source.queries);
    options.columns.at = distinct(options.columns.at);
    options.source.depth = options.columns.depth();
    options.gate.seed = options.bootstrap.seed;
    const Gate gate(options.gate, options.columns);
    options.source.slices = gate.add_fields(options.by);
    if (options.format == "html") options.source.most_missed = kMostMissed;

    const auto truth = read_truth(options.truth, options.truth_columns);
    Scorer scorer(truth, options.columns);
    auto scored = options.source.run.empty()
                      ? score_collection(options.source, context.execution(), truth, scorer)
                      : score_run(options.source, context.execution(), truth, scorer);
    auto evaluation = measure(options, scorer, std::move(scored), truth);
    evaluation.checks = gate.judge(evaluation, scorer.table());

    write(options.output, print(options, evaluation, scorer.table()));
    if (!options.per_query.empty()) {
        write_per_query(options.per_query, scorer.table(), evaluation.slices);
    }
    const auto& metrics = evaluation.metrics;
    if (!options.source.run.empty() && metrics.truth_without_query > 0) {
        context.console.warning(fmt::format(
            "{} queries of the truth have no answers in the run and are not scored: the run does "
            "not say whether they failed or were never asked",
            metrics.truth_without_query));
    }
    context.console.note(fmt::format("evaluate: {} queries, {} scored, {} failed", metrics.queries,
                                     metrics.scored, metrics.failed));
    if (!evaluation.passed()) {
        say_what_failed(evaluation, context);
        return ExitCode::kBelowGate;
    }
    return metrics.failed > 0 ? ExitCode::kSkipped : ExitCode::kDone;
}

void add_measures(Verb& cmd, Options& options) {
    cmd.add_option("--at", options.columns.at, "Ranks K to report")
        ->delimiter(',')
        ->capture_default_str();
    cmd.add_option("--threshold", options.columns.threshold,
                   "Score S: also precision, recall and F1 of the pairs scored S or more");
    cmd.add_option("--by", options.by,
                   "Also measure the queries of each value of FIELD (repeatable): query.NAME is a "
                   "column of the query file, item.NAME a field of the first true item (the one "
                   "whose id sorts first), NAME alone the former where there is one, else the "
                   "latter")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd.add_option("--bootstrap", options.bootstrap.resamples,
                   "Resamples for the 95 % intervals; 0 = no intervals")
        ->capture_default_str()
        ->check(range(0, 1'000'000));
    cmd.add_option("--seed", options.bootstrap.seed,
                   "Random seed of the intervals and of --significant")
        ->capture_default_str();
    cmd.add_option("--per-query", options.per_query,
                   "File for the results of every query, .csv or .jsonl");
    cmd.add_flag("--strict", options.source.strict,
                 "Treat warnings about the evaluation protocol as errors (exit code 1)");
}

void add_gate(Verb& cmd, GateOptions& gate) {
    cmd.add_option("--fail-under", gate.fail_under,
                   "Exit 4 when a metric is below: recall@10=.95, or of one slice "
                   "category=Shoes:recall@10=.9; comma lists and repeats allowed")
        ->allow_extra_args(false);
    cmd.add_option("--baseline", gate.baseline,
                   "Earlier result (--format json) of the same queries, for --max-drop");
    cmd.add_option("--max-drop", gate.max_drop,
                   "Exit 4 when a metric lost more against the baseline: recall@1=.005, slices as "
                   "in --fail-under")
        ->allow_extra_args(false);
    cmd.add_flag("--significant", gate.significant,
                 "A drop counts only with p < .05 in a paired randomisation test; the baseline "
                 "must have been written --with-queries");
}

}  // namespace

void add_evaluate(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd =
        app.add_subcommand("evaluate", "Measure answers against the truth: Recall@K and more");
    cmd->add_option("COLLECTION", options->source.collection, "Collection with indexes");
    add_query_file_options(*cmd, options->source.queries);
    add_query_columns(*cmd, options->source.queries);
    cmd->add_option("--run", options->source.run,
                    "TREC run to score instead of searching a collection; with --queries every "
                    "query of the file counts");
    cmd->add_option("--truth", options->truth, "True pairs: CSV or TSV with header, or TREC qrels")
        ->required();
    add_graded_truth_columns(*cmd, options->truth_columns);
    add_measures(*cmd, *options);
    add_gate(*cmd, options->gate);
    add_ranking_options(*cmd, options->source.ranking);
    add_engine_option(*cmd, options->source.engine);
    cmd->add_option("--format", options->format, "How the result is printed")
        ->capture_default_str()
        ->check(one_of({"table", "json", "markdown", "junit", "html"}));
    cmd->add_flag("--with-queries", options->with_queries,
                  "Include the results of every query in the JSON, as needed by --significant");
    cmd->add_option("-o,--output", options->output, "File to write instead of stdout");
    cmd->footer(
        "Examples:\n"
        "  pmatch evaluate shop --queries queries.csv --truth truth.csv\n"
        "  pmatch evaluate shop --queries tableB.csv --truth matches.csv --truth-columns idB,idA\n"
        "  pmatch evaluate --run answers.trec --truth judged.qrels --format json\n"
        "  pmatch evaluate shop --queries queries.csv --truth truth.csv --fail-under "
        "recall@10=.95 --format junit -o gate.xml\n"
        "  pmatch evaluate shop --queries queries.csv --truth truth.csv --format html -o "
        "page.html\n"
        "hit@K: share of queries with a true item among the first K (papers on retrieval call it "
        "Recall@K);\nrecall@K: mean share of a query's true items among the first K; "
        "pair_recall@K: share of all true pairs found.\nQueries without truth are not scored, "
        "queries that failed score 0.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
