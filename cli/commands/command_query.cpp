#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/engine/feature_file.hpp"
#include "cli/engine/open_engine.hpp"
#include "cli/engine/query_problems.hpp"
#include "cli/output/answer_printer.hpp"
#include "cli/terminal/comma_list.hpp"
#include "core/ranking/score_meaning.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    QueryFileOptions file;
    std::string image;
    std::string text;
    RankingOptions ranking;
    std::string engine;
    std::string features;
    int top = 10;
    bool explain = false;
    std::string format = "table";
};

/// With a query file, --text and --image are names of its columns.
void resolve_columns(Options& options) {
    if (options.file.source.empty()) return;
    options.file.text = comma_list(options.text);
    options.file.images = comma_list(options.image);
}

void check_there_is_a_query(const Options& options) {
    if (!options.image.empty() || !options.text.empty() || !options.file.source.empty()) return;
    throw UsageError{"there is no query",
                     "give --text TEXT, --image FILE, or --queries FILE (- for standard input)"};
}

Query query_from_command_line(const Options& options) {
    Query query;
    query.id = "1";
    query.text = options.text;
    if (!options.image.empty()) query.pictures.emplace_back(options.image);
    return query;
}

/// For a query with both parts: notes if the preset used only one.
void name_unused_part(const Options& options, const AnsweredQuery& answered,
                      const Console& console) {
    if (options.image.empty() || options.text.empty() || answered.recipe == nullptr) return;
    const auto compares = [&](QueryPart part) {
        return std::any_of(answered.recipe->lists.begin(), answered.recipe->lists.end(),
                           [&](const ListSpec& list) { return list.query == part; });
    };
    for (const auto& [part, name] :
         {std::pair{QueryPart::kImage, "picture"}, {QueryPart::kText, "text"}}) {
        if (compares(part)) continue;
        console.note(
            fmt::format("query: preset {} did not compare the {}: --preset multimodal "
                        "and --image-weight use both",
                        answered.recipe->name, name));
    }
}

/// What the scores of a preset mean, once for each preset that answered; `said` are their names.
void say_scales(const std::vector<AnsweredQuery>& answered, bool batch, std::set<std::string>& said,
                const Console& console) {
    for (const auto& one : answered) {
        if (one.recipe == nullptr || !said.insert(one.recipe->name).second) continue;
        console.note(fmt::format("query: preset {}: a score is {}", one.recipe->name,
                                 score_meaning(*one.recipe, batch)));
    }
}

ExitCode run(const Options& given, Context& context) {
    auto options = given;
    check_there_is_a_query(options);
    if (options.explain) check_format_explains(options.format);
    check_batch_is_a_file(options.ranking, options.file);
    resolve_columns(options);
    const auto execution = context.execution();
    const auto collection =
        std::make_shared<const Collection>(Collection::open(options.collection));
    const auto engine = open_engine(collection, {.execution = execution, .engine = options.engine});
    const auto plan = engine->plan(options.ranking, execution);
    std::optional<FeatureFile> features;
    if (!options.features.empty()) {
        check_has_model(plan);
        features.emplace(options.features);
    }
    const auto printer =
        make_answer_printer(options.format, std::cout, {&engine->items(), options.explain});
    QueryProblems problems(context.console);
    std::set<std::string> said;
    AnswerOptions ask;
    ask.top = options.top;
    ask.features = features ? &*features : nullptr;
    const auto answer = [&](const std::vector<Query>& queries) {
        const auto answered = engine->answer(plan, queries, ask, execution).answers;
        printer->print(queries, answered);
        say_scales(answered, options.ranking.batch, said, context.console);
        if (options.file.source.empty())
            name_unused_part(options, answered.front(), context.console);
        for (const auto& one : answered)
            problems.add(one.result.query, one.problem, one.result.failed);
    };
    const auto finish = [&] {
        printer->finish();
        if (features) features->publish();
        problems.finish();
        return problems.failed() > 0 ? ExitCode::kSkipped : ExitCode::kDone;
    };
    if (options.file.source.empty()) {
        answer({query_from_command_line(options)});
        return finish();
    }
    QueryFileReader feed(options.file, collection->manifest().items.mapping);
    bool any = false;
    const auto window = query_window(options.ranking);
    for (auto queries = feed.next(window); !queries.empty(); queries = feed.next(window)) {
        answer(queries);
        any = true;
    }
    if (!any) context.console.warning(fmt::format("{} holds no query", options.file.source));
    return finish();
}

}  // namespace

void add_query(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("query", "Find the items most similar to a picture or a text");
    cmd->add_option("COLLECTION", options->collection, "Collection with indexes")->required();
    cmd->add_option("--image", options->image,
                    "Query picture; with --queries: the columns with picture paths");
    cmd->add_option("--text", options->text,
                    "Query text; with --queries: the columns that form the text");
    add_query_file_options(*cmd, options->file);
    cmd->add_option("--top", options->top, "Answers per query")
        ->capture_default_str()
        ->check(range(1, 100'000));
    add_ranking_options(*cmd, options->ranking);
    add_engine_option(*cmd, options->engine);
    cmd->add_option("--features", options->features,
                    "Write the re-ranker's features of every candidate, for training");
    cmd->add_flag(
        "--explain", options->explain,
        "Show each list's contribution to an item's score (table, jsonl; always in html)");
    cmd->add_option("--format", options->format, "How the answers are printed")
        ->capture_default_str()
        ->check(one_of(answer_formats()));
    cmd->footer(
        "Examples:\n"
        "  pmatch query shop --text 'red mug with white dots'\n"
        "  pmatch query shop --image photo.jpg --top 3\n"
        "  pmatch query shop --queries rivals.csv --format tsv > matches.tsv\n"
        "  produce | pmatch query shop --queries - --format jsonl | consume\n"
        "  pmatch query shop --text 'red mug' --where \"price < 20\" --explain\n"
        "  pmatch query shop --queries wrong.csv --format html > wrong.html\n"
        "  pmatch query shop --text 'red mug' --engine postgres\n"
        "  pmatch query shop --queries rivals.csv --batch --format tsv > matches.tsv\n"
        "Queries from standard input are answered as they arrive. Queries that cannot be answered "
        "are reported on stderr, and the exit code is 3.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
