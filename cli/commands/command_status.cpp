#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "cli/commands/commands.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "cli/terminal/remedy_text.hpp"
#include "core/lexical/analyser.hpp"
#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/indexes/identifier_record.hpp"
#include "data/indexes/lexical_record.hpp"
#include "data/indexes/open_space_index.hpp"
#include "data/items/shared_inputs.hpp"
#include "data/shards/merge_shards.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kMostColumns = 50;  ///< listed
constexpr std::size_t kShownInput = 50;   // columns of a path or text

struct Options {
    std::filesystem::path collection;
};

/// A space's index, if any, and whether it is up to date.
struct IndexState {
    std::string layout;  ///< empty: no index
    bool current = false;

    std::string text() const {
        if (layout.empty()) return "none";
        return layout + (current ? "" : " (out of date)");
    }
};

IndexState index_of(const Manifest& manifest, const std::string& space) {
    const auto entry = manifest.indexes.find(space);
    if (entry == manifest.indexes.end()) return {};
    return {entry->second.layout, is_current(entry->second, manifest.spaces.at(space))};
}

/// The columns, and how many cells of those that are text and number have no number.
void print_columns(const ItemsRecord& items) {
    using Align = Table::Align;
    Table table({{"column"}, {"type"}, {"cells without a number", Align::kRight}});
    const auto& fields = items.fields;
    for (const auto& field : std::span(fields).first(std::min(fields.size(), kMostColumns))) {
        const bool counted = field.is_text_and_number();
        table.add({field.name, std::string(field.type()), counted ? grouped(field.unfit) : ""});
    }
    table.print(std::cout);
    if (fields.size() > kMostColumns)
        std::cout << fmt::format("and {} columns more\n", fields.size() - kMostColumns);
    std::cout << '\n';
}

/// Prints the spaces and adds the commands that would complete the collection.
void print_spaces(const Collection& collection, const std::string& directory,
                  const std::set<std::string>& in_shards, std::vector<Command>& commands) {
    using Align = Table::Align;
    const auto& manifest = collection.manifest();
    Table table({{"space"},
                 {"source"},
                 {"model"},
                 {"precision"},
                 {"dim", Align::kRight},
                 {"vectors", Align::kRight},
                 {"skipped", Align::kRight},
                 {"missing", Align::kRight},
                 {"index"}});
    for (const auto& [name, record] : manifest.spaces) {
        const auto counts = count_pending(collection, name, {record.source, 1024});
        const auto missing = counts.total - counts.done - counts.skipped;
        const auto index = index_of(manifest, name);
        table.add({name, record.source.name(), record.model, record.precision,
                   std::to_string(record.dim), grouped(counts.done), grouped(counts.skipped),
                   grouped(missing), record.indexable() ? index.text() : "needs none"});
        if (missing > 0 && !in_shards.contains(name)) {
            commands.push_back(embed_command(directory, name, record));
        }
        if (record.indexable() && (missing > 0 || (counts.done > 0 && !index.current))) {
            commands.push_back({"build-index", directory, {"--space", name}});
        }
    }
    table.print(std::cout);
}

/// A line on the captions of each name; adds the commands that would complete them.
void print_captions(const Collection& collection, const std::string& directory,
                    const std::set<std::string>& in_shards, std::vector<Command>& commands) {
    for (const auto& [name, captions] : collection.manifest().captions) {
        const auto source = Source::captions(name);
        const auto counts = count_captions(collection, source);
        const auto missing = counts.total - counts.done - counts.skipped;
        std::cout << fmt::format("{:<10} {} by {} in {}, {} skipped, {} missing\n\n",
                                 source == Source::captions() ? "captions" : name,
                                 grouped(counts.done), captions.model, captions.precision,
                                 grouped(counts.skipped), grouped(missing));
        if (missing > 0 && !in_shards.contains(name))
            commands.push_back({"caption", directory, {"--model", captions.package}});
    }
}

/// Shares of `embed` and `caption` that are not merged yet, and what completes them. Returns the
/// names of their spaces and captions.
std::set<std::string> print_waiting_shards(const Collection& collection,
                                           const std::string& directory,
                                           std::vector<Command>& commands) {
    std::set<std::string> names;
    for (const auto& cut : waiting_shards(collection)) {
        std::cout << fmt::format("shards     {} of {} of {} wait, with {} inputs\n\n", cut.shards,
                                 cut.count, cut.name, grouped(cut.entries));
        for (auto missing : cut.missing) {
            missing.collection = directory;
            commands.push_back(std::move(missing));
        }
        names.insert(cut.name);
    }
    if (!names.empty()) commands.push_back({"merge", directory});
    return names;
}

/// The same for the lexical indexes.
void print_lexical(const Collection& collection, const std::filesystem::path& directory,
                   std::vector<Command>& commands) {
    using Align = Table::Align;
    const auto& manifest = collection.manifest();
    Table table({{"lexical index"},
                 {"source"},
                 {"analyser"},
                 {"k1", Align::kRight},
                 {"b", Align::kRight},
                 {"texts", Align::kRight},
                 {"state"}});
    for (const auto& [name, index] : manifest.lexical) {
        const bool current = is_current(manifest, index);
        const bool old = index.analyser_version < kAnalyserVersion;
        table.add({name, index.source.name(), index.analyser, fmt::format("{}", index.k1),
                   fmt::format("{}", index.b), grouped(index.count),
                   !current ? "out of date"
                   : old    ? "cut by an earlier version"
                            : "up to date"});
        if ((!current || old) && has_texts(collection, manifest, index.source))
            commands.push_back(lexical_command(directory, index));
    }
    std::cout << '\n';
    table.print(std::cout);
}

void print_identifiers(const Collection& collection, const std::filesystem::path& directory,
                       std::vector<Command>& commands) {
    const auto& manifest = collection.manifest();
    if (!manifest.exact) return;
    const bool current = is_current(manifest, *manifest.exact);
    std::cout << fmt::format("\nidentifiers  {} in {}, {}\n", grouped(manifest.exact->count),
                             fmt::join(manifest.exact->columns, ", "),
                             current ? "up to date" : "out of date");
    if (!current) commands.push_back(exact_command(directory, *manifest.exact));
}

/// The picture and the text that most items have in common, if many do.
void print_shared(const Collection& collection) {
    const auto print = [](const char* what, const std::vector<SharedInput>& shared) {
        if (shared.empty()) return;
        const auto& first = shared.front();
        const auto others = std::ssize(shared) - 1;
        std::cout << fmt::format("shared     {} items have the {} '{}'{}\n", grouped(first.items),
                                 what, shortened(first.written, kShownInput),
                                 others > 0 ? fmt::format(" ({} more are shared by {} or more)",
                                                          grouped(others), kManyItems)
                                            : "");
    };
    print("picture", shared_pictures(collection, kManyItems));
    print("text", shared_texts(collection, kManyItems));
}

/// Missing or truncated files; only doctor verifies their content.
void print_broken_files(const Collection& collection, const std::string& directory) {
    std::int64_t broken = 0;
    for (const auto& [file, record] : collection.manifest().files) {
        std::error_code failed;
        const auto size = std::filesystem::file_size(collection.directory() / file, failed);
        if (failed || size != record.size) ++broken;
    }
    if (broken == 0) return;
    std::cout << fmt::format("damaged    {} of {} files are missing or cut: {}\n", grouped(broken),
                             collection.manifest().files.size(),
                             command_line({"doctor", directory}));
}

ExitCode run(const Options& options, Context&) {
    const auto collection = Collection::open(options.collection);
    const auto& manifest = collection.manifest();
    const auto directory = options.collection.string();
    std::cout << fmt::format("collection {}\nitems      {} with {} pictures, from {}\n", directory,
                             grouped(manifest.items.count), grouped(manifest.items.pictures),
                             manifest.items.source);
    if (manifest.items.skipped > 0) {
        std::cout << fmt::format("skipped    {} inputs of the catalog: {}\n",
                                 grouped(manifest.items.skipped),
                                 command_line({"ledger", directory}));
    }
    print_shared(collection);
    print_broken_files(collection, directory);
    std::cout << '\n' << std::flush;
    if (!manifest.items.fields.empty()) print_columns(manifest.items);
    std::vector<Command> commands;
    const auto in_shards = print_waiting_shards(collection, directory, commands);
    print_captions(collection, directory, in_shards, commands);
    if (manifest.spaces.empty()) {
        std::cout << "no vectors yet\n";
        commands.push_back({"embed", directory, {"--model", "PACKAGE"}});
    } else {
        print_spaces(collection, directory, in_shards, commands);
    }
    if (!manifest.lexical.empty()) print_lexical(collection, options.collection, commands);
    print_identifiers(collection, options.collection, commands);
    if (!commands.empty()) std::cout << "\nto complete it:\n";
    for (const auto& command : commands)
        std::cout << "  " << command_line(command) << '\n';
    return ExitCode::kDone;
}

}  // namespace

void add_status(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "status", "Show a collection's content, what is missing, and the commands to add it");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->footer("Example:\n  pmatch status shop");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
