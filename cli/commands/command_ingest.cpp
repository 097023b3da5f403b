#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/terminal/interrupt.hpp"
#include "core/text/number_text.hpp"
#include "data/catalog/catalog.hpp"
#include "data/collection/collection.hpp"
#include "data/ingest/catalog_loss.hpp"
#include "data/ingest/ingest.hpp"
#include "data/items/items.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::filesystem::path source;
    CatalogOptions catalog;
    std::optional<std::filesystem::path> image_root;
    std::string mode = "replace";
    std::optional<std::string> html;
    std::vector<std::string> deleted;  ///< ids, or @FILE
    double max_loss = IngestOptions().max_loss;
};

/// Reads one id per line; blank lines are ignored.
void read_ids(const std::filesystem::path& file, std::set<std::string>& ids) {
    std::ifstream input(file);
    if (!input) {
        throw Error{"the file of ids cannot be opened", file.string(),
                    "check the path behind --delete @"};
    }
    for (std::string line; std::getline(input, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty()) ids.insert(line);
    }
    if (input.bad()) {
        throw Error{"the file of ids cannot be read", file.string(), "check that it is a file"};
    }
}

std::set<std::string> deleted_ids(const Options& options) {
    std::set<std::string> ids;
    for (const auto& one : options.deleted) {
        if (one.starts_with('@')) {
            read_ids(one.substr(1), ids);
        } else {
            ids.insert(one);
        }
    }
    return ids;
}

void check_there_is_something_to_do(const Options& options) {
    if (!options.source.empty() || !options.deleted.empty()) return;
    throw UsageError{"there is no catalog", "give SOURCE, or the ids to remove with --delete"};
}

/// An upsert must use the collection's columns for texts and pictures.
void keep_mapping(const Collection& collection, CatalogOptions& catalog,
                  std::optional<std::filesystem::path>& image_root,
                  const std::filesystem::path& source) {
    const auto& items = collection.manifest().items;
    if (items.file.empty() || std::filesystem::is_directory(source)) return;
    const auto check = [](const char* flag, const auto& given, const auto& known) {
        if (given.empty() || given == known) return;
        throw UsageError{fmt::format("{} is {} in this collection, not {}", flag,
                                     fmt::join(known, ","), fmt::join(given, ",")),
                         "leave it out, or ingest the whole catalog with --mode replace"};
    };
    check("--text", catalog.text, items.mapping.text);
    check("--image", catalog.images, items.mapping.images);
    catalog.text = items.mapping.text;
    catalog.images = items.mapping.images;
    catalog.text_may_be_absent = catalog.images_may_be_absent = true;
    if (!catalog.id) catalog.id = items.mapping.id;
    if (!image_root && items.confined) image_root = items.image_root;
}

/// An upsert must read texts as the items that stay were read.
void keep_html(const Collection& collection, Options& options) {
    const auto& items = collection.manifest().items;
    if (items.file.empty()) return;
    const auto known = items.mapping.html;
    if (options.html && *options.html != word_of(known)) {
        const auto now = known == Html::kAsStored ? "not set" : word_of(known);
        throw UsageError{fmt::format("--html is {} in this collection, not {}", now, *options.html),
                         "leave it out, or ingest the whole catalog with --mode replace"};
    }
    options.catalog.html = known;
}

void warn_of_unknown_ids(const Collection& collection, const std::set<std::string>& ids,
                         const Console& console) {
    if (ids.empty()) return;
    const Items items(collection);
    std::vector<std::string> unknown;
    for (const auto& id : ids) {
        if (!items.row_of(id)) unknown.push_back(id);
    }
    if (unknown.empty()) return;
    console.warning(fmt::format("--delete: {} of {} ids are not in the collection, the first is {}",
                                grouped(static_cast<std::int64_t>(unknown.size())),
                                grouped(static_cast<std::int64_t>(ids.size())), unknown.front()));
}

std::string columns(const std::vector<std::string>& names) {
    return names.empty() ? "no column" : fmt::format("{}", fmt::join(names, ","));
}

/// A forgotten flag would give other texts for the same catalog.
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
    if (before.html == now.html || before.html == Html::kAsStored) return;
    console.warning(
        fmt::format("--html was {} when this collection was last ingested, now it is "
                    "{}; give --html {} again to go back",
                    word_of(before.html), word_of(now.html), word_of(before.html)));
}

void print_summary(const IngestReport& report, const Console& console) {
    for (const auto& remark : report.remarks)
        console.note("ingest: " + remark);
    console.note(fmt::format(
        "ingest: {} items with {} pictures ({} added, {} changed, {} removed, {} unchanged)",
        grouped(report.items), grouped(report.pictures), grouped(report.added),
        grouped(report.changed), grouped(report.removed), grouped(report.unchanged)));
    if (report.moved > 0) {
        console.note(
            fmt::format("ingest: the pictures of {} unchanged items have other paths and the same "
                        "content: they need not be embedded again",
                        grouped(report.moved)));
    }
    if (report.blank_texts > 0) {
        console.note(
            fmt::format("ingest: {} texts hold neither letter nor number and count as none",
                        grouped(report.blank_texts)));
    }
}

void warn_of_losses(const IngestReport& report, const Options& options, bool replaces,
                    const Console& console) {
    if (report.worst_lines > 1) console.warning(report.worst_row);
    if (report.breaks_off > 0) {
        console.warning(fmt::format("{} breaks off in line {}: rows may be missing behind it",
                                    options.source.string(), report.breaks_off));
    }
    if (replaces && report.removed > report.changed + report.unchanged) {
        console.warning(fmt::format(
            "{} items, most of those there were, are gone: {} has not got them. A file of changes "
            "alone wants --mode upsert",
            grouped(report.removed), options.source.string()));
    }
}

/// "1,990 rows (bad_quotes 1,989, duplicate_id 1) and 2 pictures (missing 2)"
std::string skipped_inputs(const IngestReport& report) {
    const auto part = [](const CodeCounts& counts, const char* one, const char* many) {
        std::int64_t sum = 0;
        for (const auto& [code, count] : counts)
            sum += count;
        return fmt::format("{} {} ({})", grouped(sum), sum == 1 ? one : many,
                           counts_by_code(counts));
    };
    std::vector<std::string> parts;
    if (!report.skipped_rows.empty()) parts.push_back(part(report.skipped_rows, "row", "rows"));
    if (!report.skipped_pictures.empty())
        parts.push_back(part(report.skipped_pictures, "picture", "pictures"));
    return fmt::format("{}", fmt::join(parts, " and "));
}

ExitCode run(const Options& given, Context& context) {
    auto options = given;
    if (options.html == word_of(Html::kKeep)) options.catalog.html = Html::kKeep;
    check_there_is_something_to_do(options);
    const auto deleted = deleted_ids(options);
    const InterruptGuard interrupt(context.console.quiet());
    auto collection = options.source.empty() ? Collection::open_for_writing(options.collection)
                                             : Collection::create_or_open(options.collection);
    const bool upsert = options.mode == "upsert" || options.source.empty();
    if (upsert) {
        keep_mapping(collection, options.catalog, options.image_root, options.source);
        keep_html(collection, options);
    }
    if (!collection.manifest().items.file.empty())
        warn_of_unknown_ids(collection, deleted, context.console);
    Progress progress(context.console, "ingest: items", 0);
    IngestOptions ingest_options;
    ingest_options.image_root = options.image_root;
    ingest_options.mode = upsert ? IngestOptions::Mode::kUpsert : IngestOptions::Mode::kReplace;
    ingest_options.deleted = deleted;
    ingest_options.columns_may_be_absent = !is_table(options.source, options.catalog.format);
    ingest_options.max_loss = options.max_loss;
    ingest_options.source = options.source.string();
    ingest_options.stop = &InterruptGuard::stop();
    ingest_options.progress = [&](std::int64_t items) { progress.update(items); };

    const auto before = collection.manifest().items;
    std::function<std::unique_ptr<CatalogReader>()> source;
    if (!options.source.empty())
        source = [&] { return open_catalog(options.source, options.catalog); };
    const auto report = ingest(collection, source, ingest_options);
    if (InterruptGuard::stop()) {
        context.console.note("ingest: interrupted, the collection is as it was before");
        return ExitCode::kInterrupted;
    }
    print_summary(report, context.console);
    if (!before.file.empty()) warn_of_other_columns(before.mapping, collection, context.console);
    warn_of_losses(report, options, !upsert, context.console);
    if (report.skipped == 0) return ExitCode::kDone;
    context.console.note({fmt::format("ingest: {} skipped; list them", skipped_inputs(report)),
                          Command{"ledger", options.collection.string()}});
    return ExitCode::kSkipped;
}

}  // namespace

void add_ingest(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("ingest", "Read a catalog into a collection");
    cmd->add_option("COLLECTION", options->collection, "Directory to create or update")->required();
    cmd->add_option("SOURCE", options->source,
                    "Catalog: CSV, TSV or JSONL file, or a directory or .tar of pictures");
    cmd->add_option("--mode", options->mode,
                    "replace: the catalog is complete, items missing in it are removed; upsert: "
                    "its items are added or replaced as a whole, all others stay")
        ->capture_default_str()
        ->check(one_of({"replace", "upsert"}));
    cmd->add_option("--delete", options->deleted,
                    "Ids of items to remove, separated by commas, or @FILE with one per line; "
                    "without SOURCE all other items stay")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd->add_option("--id", options->catalog.id, "Column of the item ids [default: id]");
    cmd->add_option("--text", options->catalog.text,
                    "Columns that form the text, in this order [default: all but id and pictures]")
        ->delimiter(',');
    cmd->add_option(
           "--image", options->catalog.images,
           "Columns with picture paths, several in a cell separated by | or commas [default: "
           "image, if it exists]")
        ->delimiter(',');
    cmd->add_option("--image-root", options->image_root,
                    "Directory of the pictures; nothing outside it is read [default: the "
                    "catalog's directory, without that limit]");
    cmd->add_option("--max-loss", options->max_loss,
                    "Share of the rows that may be unusable, and of the items, pictures and cells "
                    "of a column that may be gone; more is an error and changes nothing (1: all)")
        ->capture_default_str()
        ->check(range(0.0, 1.0));
    add_table_format_options(*cmd, options->catalog.format);
    cmd->add_option(
           "--html", options->html,
           "auto: texts that are HTML are read without their tags, and with the characters "
           "that &amp; and the like stand for; keep: as they are written [default: auto]")
        ->check(one_of({"auto", "keep"}));
    cmd->footer(
        "Examples:\n"
        "  pmatch ingest shop catalog.csv\n"
        "  pmatch ingest shop offers.tsv --id sku --text title,brand --image photo\n"
        "  pmatch ingest shop prices.txt --delimiter ';' --encoding windows-1252\n"
        "  pmatch ingest photos pictures/\n"
        "  pmatch ingest shop monday.csv --mode upsert\n"
        "  pmatch ingest shop --delete A17,A18    or    --delete @sold-out.txt\n"
        "Run it again with a newer catalog: items keep their rows, only what changed is embedded "
        "again. Give the same --id, --text and --image each time.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
