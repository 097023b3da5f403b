#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/metrics_printer.hpp"
#include "cli/query_engine.hpp"
#include "cli/query_options.hpp"
#include "core/atomic_file.hpp"
#include "core/metrics.hpp"
#include "data/run_file.hpp"
#include "data/truth_file.hpp"

namespace pmatch::cli {
namespace {

/// mrr and map look at this many answers, unless --at asks for more.
constexpr int kDepth = 100;

struct Options {
    std::filesystem::path collection;
    QueryFileOptions file;
    std::filesystem::path run;
    std::filesystem::path truth;
    std::vector<std::string> truth_columns;
    std::vector<int> at{1, 5, 10};
    RankingOptions ranking;
    std::string format = "table";
    std::filesystem::path output;
};

void check_one_source_of_answers(const Options& options) {
    const bool has_run = !options.run.empty();
    const bool has_collection = !options.collection.empty();
    if (has_run == has_collection) {
        throw UsageError{
            has_run ? "--run and a collection exclude each other" : "there is nothing to evaluate",
            "give COLLECTION with --queries FILE, or --run FILE alone"};
    }
    if (has_collection && options.file.source.empty()) {
        throw UsageError{"--queries is missing", "give --queries FILE, or score a run: --run FILE"};
    }
    if (has_run && !options.file.source.empty()) {
        throw UsageError{"--run and --queries exclude each other",
                         "a run holds answers already: leave --queries out"};
    }
}

int depth(const Options& options) {
    return std::max(kDepth, *std::max_element(options.at.begin(), options.at.end()));
}

void score_run(const Options& options, Scorer& scorer) {
    for (const auto& query : read_run(options.run))
        scorer.add(query);
}

void score_collection(const Options& options, Context& context, Scorer& scorer) {
    check_batch_is_a_file(options.ranking, options.file);
    const auto collection = Collection::open(options.collection);
    QueryEngine engine(collection, options.ranking, context);
    QueryFeed feed(options.file, collection.manifest().items.mapping);
    Progress progress(context.console, "evaluate: queries", 0);
    std::int64_t done = 0;
    const auto window = query_window(options.ranking);
    for (auto queries = feed.next(window); !queries.empty(); queries = feed.next(window)) {
        for (const auto& [result, problem, ranked, recipe] :
             engine.answer(queries, depth(options))) {
            if (!problem.code.empty()) {
                context.console.warning(
                    fmt::format("query {}: {}: {}", result.query, problem.code, problem.detail));
            }
            scorer.add(result);
        }
        progress.update(done += static_cast<std::int64_t>(queries.size()));
    }
}

/// To the file whole or not at all, or to stdout.
void write(const Options& options, const std::string& text) {
    if (options.output.empty()) {
        std::cout << text;
        return;
    }
    AtomicFile file(options.output);
    file.write(text);
    file.publish();
}

ExitCode run(const Options& options, Context& context) {
    check_one_source_of_answers(options);
    const auto truth = read_truth(options.truth, options.truth_columns);
    Scorer scorer(truth, options.at);
    if (options.run.empty()) {
        score_collection(options, context, scorer);
    } else {
        score_run(options, scorer);
    }
    const auto metrics = scorer.result();
    if (metrics.scored == 0) {
        throw Error{fmt::format("none of the {} queries has a true item in the truth file",
                                metrics.queries),
                    options.truth.string(),
                    "name its columns: --truth-columns QUERY,ITEM[,GRADE], or give the file that "
                    "belongs to these queries"};
    }
    const std::string preset = options.run.empty() ? options.ranking.preset : "";
    const EvaluationSource source{preset, options.run.empty() ? depth(options) : 0};
    write(options, options.format == "json" ? metrics_json(metrics, source)
                                            : metrics_table(metrics, options.at, source));
    if (!options.run.empty() && metrics.truth_without_query > 0) {
        context.console.warning(fmt::format(
            "{} queries of the truth have no answers in the run and are not scored: the run does "
            "not say whether they failed or were never asked",
            metrics.truth_without_query));
    }
    context.console.note(fmt::format("evaluate: {} queries, {} scored, {} failed", metrics.queries,
                                     metrics.scored, metrics.failed));
    return metrics.failed > 0 ? ExitCode::kSkipped : ExitCode::kDone;
}

}  // namespace

void add_evaluate(CLI::App& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd =
        app.add_subcommand("evaluate", "Measure answers against the truth: Recall@K and more");
    cmd->add_option("COLLECTION", options->collection, "Collection with indexes");
    add_query_file_options(*cmd, options->file);
    cmd->add_option("--text", options->file.text, "Columns of the query file that make the text")
        ->delimiter(',');
    cmd->add_option("--image", options->file.images, "Columns of the query file with picture paths")
        ->delimiter(',');
    cmd->add_option("--run", options->run, "TREC run to score instead of asking a collection");
    cmd->add_option("--truth", options->truth, "True pairs: CSV or TSV with header, or TREC qrels")
        ->required();
    cmd->add_option("--truth-columns", options->truth_columns,
                    "Columns of the truth file: QUERY,ITEM[,GRADE] [default: query,item and, if "
                    "there is one, grade]")
        ->delimiter(',');
    cmd->add_option("--at", options->at, "Ranks K to report")
        ->delimiter(',')
        ->capture_default_str();
    add_ranking_options(*cmd, options->ranking);
    cmd->add_option("--format", options->format, "How the result is printed")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "json"}));
    cmd->add_option("-o,--output", options->output, "File to write instead of stdout");
    cmd->footer(
        "Examples:\n"
        "  pmatch evaluate shop --queries queries.csv --truth truth.csv\n"
        "  pmatch evaluate shop --queries tableB.csv --truth matches.csv --truth-columns idB,idA\n"
        "  pmatch evaluate --run answers.trec --truth judged.qrels --format json\n"
        "hit@K: share of queries with a true item among the first K (papers on retrieval call it "
        "Recall@K);\nrecall@K: mean share of a query's true items among the first K; "
        "pair_recall@K: "
        "true pairs found of all.\nQueries without truth are not scored, queries that failed score "
        "0.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
