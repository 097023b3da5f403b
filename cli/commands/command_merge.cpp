#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "core/text/number_text.hpp"
#include "data/shards/merge_shards.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::vector<std::string> directories;
};

ExitCode run(const Options& options, Context& context) {
    auto collection = Collection::open_for_writing(options.collection);
    std::int64_t skipped = 0;
    const std::vector<std::filesystem::path> others(options.directories.begin(),
                                                    options.directories.end());
    const auto all = merge_shards(collection, others);
    if (all.empty()) context.console.note("merge: no shard waits, nothing to do");
    for (const auto& one : all) {
        if (one.there_before) {
            context.console.note(fmt::format("merge {}: its shards ({} of {}) were merged before",
                                             one.name, one.shards, one.count));
            continue;
        }
        context.console.note(fmt::format("merge {}: {} {} of {} of {} shards, {} skipped", one.name,
                                         grouped(one.rows), one.captions ? "captions" : "vectors",
                                         one.shards, one.count, grouped(one.skipped)));
        skipped += one.skipped;
    }
    if (skipped == 0) return ExitCode::kDone;
    context.console.note({fmt::format("merge: {} inputs are skipped; list them", grouped(skipped)),
                          Command{"ledger", options.collection.string()}});
    return ExitCode::kSkipped;
}

}  // namespace

void add_merge(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "merge", "Add the shards of `embed --shard` and `caption --shard` to their collection");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("DIR", options->directories,
                    "Where other shards are: copies of the collection, or directories of shards; "
                    "they are only read. Shards in COLLECTION/staging need no name, and are "
                    "removed once they are in");
    cmd->footer(
        "Examples:\n"
        "  pmatch merge shop\n"
        "  pmatch merge shop /mnt/node1/shop /mnt/node2/shop\n"
        "All shards are added in one commit, or none: a shard that is missing, unfinished, "
        "damaged, there twice, or made by\nanother model or of another catalog is an error that "
        "names it and the command that makes it. Run it again after a\ncrash.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
