#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.hpp"
#include "core/text/number_text.hpp"
#include "data/maintenance/compact.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
};

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

ExitCode run(const Options& options, Context& context) {
    auto collection = Collection::open_for_writing(options.collection);
    const auto results = compact(collection);
    for (const auto& one : results) {
        if (!one.changed) {
            context.console.note(fmt::format("compact {}: nothing to do ({} parts, {})", one.what,
                                             one.parts_before, megabytes(one.bytes_before)));
            continue;
        }
        context.console.note(
            fmt::format("compact {}: {} parts became {}, {} dead rows dropped, {} became {}",
                        one.what, one.parts_before, one.parts_after, grouped(one.dropped),
                        megabytes(one.bytes_before), megabytes(one.bytes_after)));
    }
    if (results.empty()) context.console.note("compact: the collection has no vectors or captions");
    return ExitCode::kDone;
}

}  // namespace

void add_compact(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "compact", "Merge a collection's parts and delete vectors and captions no longer in use");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->footer(
        "Example:\n"
        "  pmatch compact shop\n"
        "Answers are the same before and after, and indexes stay up to date. It needs disk space "
        "for a second copy of the\nlargest space while it runs; an interruption loses nothing.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
