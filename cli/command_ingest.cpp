#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "data/catalog.hpp"
#include "data/collection.hpp"
#include "data/ingest.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::filesystem::path source;
    CatalogOptions catalog;
    std::optional<std::filesystem::path> image_root;
};

std::string columns(const std::vector<std::string>& names) {
    return names.empty() ? "no column" : fmt::format("{}", fmt::join(names, ","));
}

/// A flag that was forgotten the second time makes other texts of the same catalog.
void warn_of_other_columns(const FieldMapping& before, const Collection& collection,
                           const Console& console) {
    const auto& now = collection.manifest().items.mapping;
    const auto warn = [&](const char* flag, const auto& was, const auto& is) {
        if (was == is) return;
        console.warning(
            fmt::format("{} was {} when this collection was last ingested, now it is "
                        "{}; give {} again to go back",
                        flag, columns(was), columns(is), flag));
    };
    warn("--text", before.text, now.text);
    warn("--image", before.images, now.images);
}

ExitCode run(const Options& options, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    auto collection = Collection::create_or_open(options.collection);
    Progress progress(context.console, "ingest: items", 0);
    IngestOptions ingest_options;
    ingest_options.image_root = options.image_root;
    ingest_options.source = options.source.string();
    ingest_options.stop = &InterruptGuard::stop();
    ingest_options.progress = [&](std::int64_t items) { progress.update(items); };

    const auto before = collection.manifest().items;
    const auto report = ingest(
        collection, [&] { return open_catalog(options.source, options.catalog); }, ingest_options);
    if (InterruptGuard::stop()) {
        context.console.note("ingest: interrupted, the collection is as it was before");
        return ExitCode::kInterrupted;
    }
    context.console.note(fmt::format(
        "ingest: {} items with {} pictures ({} added, {} changed, {} removed, {} unchanged)",
        grouped(report.items), grouped(report.pictures), grouped(report.added),
        grouped(report.changed), grouped(report.removed), grouped(report.unchanged)));
    if (!before.file.empty()) warn_of_other_columns(before.mapping, collection, context.console);
    if (report.skipped == 0) return ExitCode::kDone;
    context.console.note(fmt::format("ingest: {} inputs skipped; list them: pmatch ledger {}",
                                     grouped(report.skipped), options.collection.string()));
    return ExitCode::kSkipped;
}

}  // namespace

void add_ingest(CLI::App& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("ingest", "Read a catalog into a collection");
    cmd->add_option("COLLECTION", options->collection, "Directory to make or to bring up to date")
        ->required();
    cmd->add_option("SOURCE", options->source,
                    "Catalog: CSV, TSV or JSONL file, or a directory of pictures")
        ->required();
    cmd->add_option("--id", options->catalog.id, "Column of the item ids [default: id]");
    cmd->add_option("--text", options->catalog.text,
                    "Columns that make the text, in this order [default: all but id and pictures]")
        ->delimiter(',');
    cmd->add_option("--image", options->catalog.images,
                    "Columns with picture paths, several in a cell parted by | [default: image, "
                    "if there is one]")
        ->delimiter(',');
    cmd->add_option("--image-root", options->image_root,
                    "Directory of the pictures; nothing outside it is read [default: the "
                    "catalog's directory, without that limit]");
    cmd->footer(
        "Examples:\n"
        "  pmatch ingest shop catalog.csv\n"
        "  pmatch ingest shop offers.tsv --id sku --text title,brand --image photo\n"
        "  pmatch ingest photos pictures/\n"
        "Run it again with a newer catalog: items keep their rows, only what changed is embedded "
        "again. Give the same --id, --text and --image each time.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
