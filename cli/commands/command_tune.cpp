#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/terminal/remedy_text.hpp"
#include "cli/tuning/tune.hpp"
#include "core/text/number_text.hpp"

namespace pmatch::cli {
namespace {

void add_labels(Verb& cmd, TuneOptions& options) {
    cmd.add_option("COLLECTION", options.collection, "Collection with indexes")->required();
    add_query_file_options(cmd, options.queries)->required();
    add_query_columns(cmd, options.queries);
    cmd.add_option("--truth", options.truth,
                   "True pairs of some or all queries: CSV or TSV with header, or TREC qrels; with "
                   "--threshold an empty item means that a query has none")
        ->required();
    add_graded_truth_columns(cmd, options.truth_columns);
}

void add_search(Verb& cmd, TuneOptions& options) {
    cmd.add_option("--preset", options.preset,
                   "Preset to start from, which a choice must beat significantly")
        ->capture_default_str();
    cmd.add_option("--metric", options.metric, "Metric of `evaluate` to optimise")
        ->capture_default_str();
    cmd.add_option("--splits", options.splits, "Number of random train/test splits in halves")
        ->capture_default_str()
        ->check(range(1, 1000));
    cmd.add_option("--seed", options.seed,
                   "Random seed of the splits, the recipes and the significance test")
        ->capture_default_str();
    cmd.add_option(
           "--recipes", options.recipes,
           "Number of fusions, weights and depths to evaluate; the same number for three-stage")
        ->capture_default_str()
        ->check(range(1, 100'000));
    cmd.add_flag(
        "--batch", options.batch,
        "Optimise for `query --batch`: all queries of the file are answered, labelled or not");
    cmd.add_option("--threshold", options.threshold,
                   "Also learn min_score, from first answers: f1, or precision=.95");
    cmd.add_flag("--no-bm25", options.no_bm25,
                 "Skip the grid search for k1 and b, which builds each BM25 index about 16 times");
}

struct Options {
    TuneOptions tune;
    std::string format = "table";
};

ExitCode run(const Options& options, Context& context) {
    const auto tuned = run_tune(options.tune, command_line, context.execution());
    const auto& report = tuned.report;
    std::cout << (options.format == "json"       ? tune_json(report, command_line)
                  : options.format == "markdown" ? tune_markdown(report, command_line)
                                                 : tune_table(report, command_line));
    context.console.note(fmt::format("tune: {} recipes, {} labelled queries, {}: {}",
                                     report.recipes, report.labelled, duration(tuned.seconds),
                                     report.verdict()));
    return tuned.failed > 0 ? ExitCode::kSkipped : ExitCode::kDone;
}

}  // namespace

void add_tune(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "tune",
        "Choose the best recipe for a catalog from labelled queries, with its significance");
    add_labels(*cmd, options->tune);
    add_search(*cmd, options->tune);
    cmd->add_option("--out", options->tune.out, "Preset file to write, for --preset")->required();
    cmd->add_option("--format", options->format, "How the report is printed")
        ->capture_default_str()
        ->check(one_of({"table", "json", "markdown"}));
    cmd->footer(
        "Examples:\n"
        "  pmatch tune shop --queries queries.csv --truth truth.csv --out best.jsonc\n"
        "  pmatch evaluate shop --queries others.csv --truth truth.csv --preset ./best.jsonc\n"
        "  pmatch tune shop --queries tableB.csv --truth matches.csv --truth-columns idB,idA "
        "--preset matcher --batch --out best.jsonc\n"
        "  pmatch tune shop --queries queries.csv --truth truth.csv --threshold precision=.95 "
        "--out best.jsonc\n"
        "Each split selects on one half of the labelled queries and evaluates on the other; "
        "queries that share an\nitem are in the same half. If no recipe beats --preset "
        "significantly (p < .05), the report says so, and\n--preset itself is written. The exit "
        "code is 0 either way.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
