#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/matching/match.hpp"
#include "cli/output/match_output.hpp"
#include "core/common/stopwatch.hpp"

namespace pmatch::cli {
namespace {

void add_sides(Verb& cmd, MatchOptions& options) {
    cmd.add_option("A", options.collection, "Collection to search, with indexes")->required();
    cmd.add_option("B", options.other.source,
                   "What to match with it: another collection with vectors by the same models, or "
                   "a query file [default: A with itself]");
    add_query_columns(cmd, options.other);
    cmd.add_option("--image-root", options.other.image_root,
                   "Directory of the query file's pictures; nothing outside it is read");
    add_table_format_options(cmd, options.other.format);
}

void add_candidates(Verb& cmd, MatchOptions& options) {
    add_recipe_options(cmd, options.ranking);
    add_engine_option(cmd, options.engine);
    cmd.add_option("--union", options.unite,
                   "Instead of one preset: pairs above the threshold of any of these, such as "
                   "image=.9,text=.8 (or with thresholds learned from --truth); scores become "
                   "(score - threshold) / (top - threshold), top being 1 or the highest score")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd.add_option("--features", options.features,
                   "Write the re-ranker's features of every candidate, for training");
    cmd.add_option("--top", options.top, "Candidates per item")
        ->capture_default_str()
        ->check(range(1, 10'000));
    cmd.add_option("--blend", options.blend,
                   "Blend every item's vector with those of its neighbours before the search, one "
                   "round per number: the minimum cosine of a neighbour, for example .6,.7")
        ->delimiter(',')
        ->check(range(0.0, 1.0))
        ->allow_extra_args(false);
}

void add_threshold(Verb& cmd, MatchOptions& options) {
    cmd.add_option("--threshold", options.threshold, "Drop pairs below this score");
    cmd.add_option("--truth", options.sample.truth,
                   "Learn the threshold from this sample: true pairs as CSV, TSV or TREC qrels; "
                   "an item with an empty cell beside it has no match");
    cmd.add_option("--truth-columns", options.sample.columns,
                   "Columns of the truth file: QUERY,ITEM[,GRADE] [default: query,item]")
        ->delimiter(',');
    cmd.add_option("--target-precision", options.sample.precision,
                   "Learn the lowest threshold with this precision (lower bound of the 95 % "
                   "interval), instead of the best F1")
        ->check(range(0.0, 1.0));
}

void add_choice(Verb& cmd, MatchOptions& options) {
    cmd.add_option("--mode", options.mode,
                   "Which pairs stay: all, best (of every item of B), mutual, one-to-one (each "
                   "item once, best first), optimal (each once, the largest sum), groups "
                   "(connected items of A) [default: best, or groups without B]")
        ->check(one_of({"all", "best", "mutual", "one-to-one", "optimal", "groups"}));
    cmd.add_option("--review", options.review,
                   "LOW,HIGH instead of --threshold: pairs from LOW on, with a column that says "
                   "match from HIGH on, and review below, for a person to look at")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd.add_option("--min2", options.min2,
                   "With all and groups: an item without a pair above the threshold keeps its best "
                   "one, if that scores at least this");
}

void add_groups(Verb& cmd, MatchOptions& options) {
    cmd.add_option("--largest", options.largest,
                   "Maximum members of a group; its weakest pairs are dropped [default: no limit]");
    cmd.add_option("--linkage", options.linkage,
                   "What makes one group of two: a pair above the threshold (components), all "
                   "pairs of their members above it (complete), or the mean of these (average)")
        ->capture_default_str()
        ->check(one_of({"components", "complete", "average"}));
    cmd.add_option("--previous", options.previous,
                   "Groups of earlier runs (CSV), the latest last: a group keeps the number of the "
                   "one that it has most members of")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd.add_option("--variants", options.variants,
                   "Items that differ in size, colour, a number or the model under the same title "
                   "are kept apart, or may be together [default: apart in groups]")
        ->check(one_of({"apart", "together"}));
    cmd.add_option("--ignore-shared", options.ignore_shared,
                   "Leave out pictures and texts that so many items share, such as placeholders; 0 "
                   "leaves nothing out [default: 10, for pictures of items that have another]")
        ->check(range(0, 1'000'000'000));
}

ExitCode run(const MatchOptions& options, Context& context) {
    const Match match(options, context.execution());
    const Stopwatch watch;
    write_match(match.options(), match.matched(), match.pairs(), match.groups(), match.items());
    context.console.note(
        fmt::format("{}; retrieve {:.1f} s, choose {:.1f} s, write {:.1f} s",
                    match_summary(match.options(), match.counts(), match.pairs(), match.groups()),
                    match.retrieve_seconds(), match.choose_seconds(), watch.milliseconds() / 1000));
    if (const auto chain = chain_warning(match.groups(), match.matched().left))
        context.console.warning(*chain);
    return match.counts().failed > 0 ? ExitCode::kSkipped : ExitCode::kDone;
}

}  // namespace

void add_match(Verb& app, Job& job) {
    auto options = std::make_shared<MatchOptions>();
    auto* cmd = app.add_subcommand("match", "Match two catalogs, or find duplicates in one");
    add_sides(*cmd, *options);
    add_candidates(*cmd, *options);
    add_threshold(*cmd, *options);
    add_choice(*cmd, *options);
    add_groups(*cmd, *options);
    cmd->add_option("--format", options->format,
                    "csv, jsonl, or html: a page of groups with their pictures")
        ->capture_default_str()
        ->check(one_of({"csv", "jsonl", "html"}));
    cmd->add_option("-o,--output", options->output, "File to write instead of stdout");
    cmd->footer(
        "Examples:\n"
        "  pmatch match shop --preset image --threshold .95 --format html -o twice.html\n"
        "  pmatch match shop rivals.csv --preset text --threshold .7 > matches.csv\n"
        "  pmatch match shop rival-shop --mode one-to-one --truth sample.csv\n"
        "  pmatch match shop rivals.csv --mode mutual --truth sample.csv --target-precision .95\n"
        "  pmatch match shop --union image=.95,text=.9 --largest 50 --min2 -.5\n"
        "Columns: query (of B), item (of A), score, then score and rank of every list. Ties are "
        "broken by the\nids' bytes. docs/match.md has the modes. Unusable inputs are reported on "
        "stderr, and the exit code is 3.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
