#include <fmt/format.h>

#include <memory>

#include "cli/build_index.hpp"
#include "cli/commands.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::vector<std::string> spaces;
    IndexOptions index;
};

/// All spaces, or those that were asked for.
std::vector<std::string> chosen_spaces(const Collection& collection, const Options& options) {
    const auto& spaces = collection.manifest().spaces;
    std::vector<std::string> names;
    for (const auto& [name, record] : spaces)
        names.push_back(name);
    for (const auto& name : options.spaces) {
        if (spaces.count(name) == 0) {
            throw UsageError{fmt::format("the collection has no space '{}'", name),
                             fmt::format("the spaces here are: {}", fmt::join(names, ", "))};
        }
    }
    if (names.empty()) {
        throw Error{"there are no vectors to index", options.collection.string(),
                    fmt::format("pmatch embed {} --model PACKAGE", options.collection.string())};
    }
    return options.spaces.empty() ? names : options.spaces;
}

ExitCode run(const Options& options, Context& context) {
    auto collection = Collection::open_for_writing(options.collection);
    for (const auto& space : chosen_spaces(collection, options)) {
        const auto built = build_index(collection, space, options.index, context.console);
        context.console.note(built.fresh
                                 ? fmt::format("build-index {}: {} vectors, layout {}, {}, {}",
                                               space, grouped(built.count), built.layout,
                                               built.recall, duration(built.seconds))
                                 : fmt::format("build-index {}: up to date ({} vectors, layout {})",
                                               space, grouped(built.count), built.layout));
    }
    return ExitCode::kDone;
}

}  // namespace

void add_build_index(CLI::App& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd =
        app.add_subcommand("build-index", "Build search indexes over a collection's vectors");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--space", options->spaces, "Space to index; may be repeated [default: all]");
    cmd->add_option("--layout", options->index.layout,
                    "FAISS factory string, e.g. Flat, HNSW32, IVF1024,Flat; auto: Flat up to "
                    "200,000 vectors, HNSW32 up to 2,000,000, then IVF with fp16 storage")
        ->capture_default_str();
    cmd->footer(
        "Examples:\n"
        "  pmatch build-index shop\n"
        "  pmatch build-index shop --space text --layout HNSW32\n"
        "Layouts other than Flat are measured against exact search; `pmatch status` shows it.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
