#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/indexing/shard_option.hpp"
#include "cli/terminal/interrupt.hpp"
#include "core/text/number_text.hpp"
#include "data/engines/engine_recall.hpp"
#include "data/engines/engine_record.hpp"
#include "data/engines/push_space.hpp"

namespace pmatch::cli {
namespace {

constexpr double kRecallSeconds = 20;

struct Options {
    std::filesystem::path collection;
    std::string url;
    std::vector<std::string> spaces;
    std::string shard;
    NewEngine engine{"postgres", "", ""};
    PushOptions push;
    bool no_index = false;
    int recall = 100;  ///< vectors to measure it with
};

std::vector<std::string> chosen_spaces(const Collection& collection, const Options& options) {
    auto spaces = options.spaces;
    for (const auto& [name, record] : collection.manifest().spaces) {
        if (options.spaces.empty() && record.indexable() && record.live > 0) spaces.push_back(name);
    }
    if (!spaces.empty()) return spaces;
    throw Error{"the collection has no vectors to push",
                collection.directory().string(),
                {"make some:", {{"embed", "", {"--model", "PACKAGE"}}}}};
}

std::string rate(const PushOutcome& done) {
    if (done.send_seconds <= 0 || done.sent == 0) return "";
    return fmt::format(" ({} a second)",
                       grouped(std::llround(static_cast<double>(done.sent) / done.send_seconds)));
}

void tell(const Console& console, const std::string& space, const PushOutcome& done) {
    console.note(fmt::format("push {}: {} vectors sent{}, {} removed, {} were there", space,
                             grouped(done.sent), rate(done), grouped(done.removed),
                             grouped(done.kept)));
    if (done.index_seconds > 0)
        console.note(fmt::format("push {}: index of {} vectors built in {:.1f} s", space,
                                 grouped(done.vectors), done.index_seconds));
    if (done.shards_left > 0)
        console.note(fmt::format("push {}: {} shards are left; the last one completes it", space,
                                 done.shards_left));
}

void tell_recall(const Console& console, const std::string& space, EngineTable table, int queries) {
    if (queries == 0 || table.vectors == 0) return;
    const auto recall = measure_recall(EngineSearch(std::move(table)), queries, kRecallSeconds);
    console.note(fmt::format("push {}: recall@{} {:.3f} of {} of its vectors, against exact search",
                             space, kRecallDepth, recall.share, recall.queries));
}

ExitCode run(const Options& given, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    auto options = given;
    if (!options.shard.empty()) options.push.shard = shard_option(options.shard);
    options.push.index = !options.no_index;
    if (!is_engine_url(options.url)) {
        throw UsageError{fmt::format("'{}' is no address of an engine", options.url),
                         "give postgresql://[USER@]HOST[:PORT]/DATABASE"};
    }
    const EngineAddress address(options.url);
    if (address.has_password())
        context.console.warning(
            {"the password of the address is in the shell's history and in the list of processes, "
             "and the collection does not record it",
             "give it in $PGPASSWORD, ~/.pgpass or a service file"});
    if (!options.engine.type.empty()) (void)element_of(options.engine.type);
    const auto collection = Collection::open(options.collection);
    const auto spaces = chosen_spaces(collection, options);
    const auto record = record_engine(collection, address, options.engine);
    for (const auto& space : spaces) {
        const auto done = push_space(collection, space, record, address, options.push,
                                     context.console, InterruptGuard::stop());
        tell(context.console, space, done);
        if (done.interrupted) {
            context.console.note("push: interrupted; run the same command again to go on");
            return ExitCode::kInterrupted;
        }
        const auto element = element_of(record.type);
        const SpaceSql sql(record.collection, space, collection.space(space).dim, element);
        tell_recall(context.console, space, {address, sql, element, done.vectors}, options.recall);
    }
    return ExitCode::kDone;
}

void add_index_options(Verb& cmd, Options& options) {
    cmd.add_option("--type", options.engine.type,
                   "How a value is kept there: halfvec (2 bytes) or vector (4 bytes) [default: as "
                   "before, else halfvec]")
        ->check(one_of({"halfvec", "vector"}));
    cmd.add_option("--m", options.push.hnsw.m, "Neighbours of a vector in the HNSW index")
        ->capture_default_str()
        ->check(range(2, 100));
    cmd.add_option("--ef-construction", options.push.hnsw.ef_construction,
                   "Candidates while the index is built, at least twice --m")
        ->capture_default_str()
        ->check(range(4, 1000));
    cmd.add_option("--build-memory", options.push.build_memory,
                   "Memory of the server to build the index in (maintenance_work_mem), such as 8GB "
                   "[default: the server's]");
    cmd.add_flag("--no-index", options.no_index, "No index: every query is compared with all");
    cmd.add_option("--recall", options.recall,
                   "Vectors to measure the index with, against exact search; 0 = do not")
        ->capture_default_str()
        ->check(range(0, 10'000));
}

}  // namespace

void add_push(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "push", "Send vectors to PostgreSQL with pgvector, for `query --engine`");
    cmd->add_option("COLLECTION", options->collection, "Collection with vectors")->required();
    cmd->add_option("URL", options->url,
                    "postgresql://[USER@]HOST[:PORT]/DATABASE[?sslmode=…], as libpq takes it; the "
                    "password comes from $PGPASSWORD, ~/.pgpass or a service file (?service=NAME)")
        ->required();
    cmd->add_option("--space", options->spaces,
                    "Space to push; may be repeated [default: all that have vectors]");
    cmd->add_option("--name", options->engine.name, "Name of the engine, for --engine")
        ->capture_default_str();
    cmd->add_option("--as", options->engine.collection,
                    "Name of the collection there [default: as before, else its directory's]");
    cmd->add_option("--shard", options->shard,
                    "Push one share, for many processes: i/n counted from 0, auto or auto/n; the "
                    "last one builds the index");
    add_index_options(*cmd, *options);
    cmd->add_flag("--replace", options->push.replace,
                  "Delete what is there if another model made it, or with another --type");
    cmd->footer(
        "Examples:\n"
        "  pmatch push shop postgresql://db.example/products\n"
        "  pmatch query shop --text 'red mug' --engine postgres\n"
        "  pmatch push shop 'postgresql://db.example/products?sslmode=verify-full' --build-memory "
        "8GB\n"
        "  pmatch push shop postgresql:///products --space text --shard 0/4\n"
        "Run it again after `embed` or `ingest`: it sends what is new, removes what is gone, and "
        "goes on where a\npush was killed. Queries refuse an engine that has another state than "
        "the "
        "collection.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
