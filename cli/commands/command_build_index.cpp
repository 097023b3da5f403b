#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/indexing/build_exact.hpp"
#include "cli/indexing/build_index.hpp"
#include "cli/indexing/build_lexical.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "cli/terminal/comma_list.hpp"
#include "core/text/number_text.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/indexes/identifier_record.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::vector<std::string> spaces;
    IndexOptions index;
    std::string source = Source::text().name();
    std::string analyser{name_of(Bm25Options{}.analyser)};
    Bm25Options lexical;
};

constexpr const char* kLexicalLayout = "bm25";
constexpr const char* kExactLayout = "exact";

/// All spaces, or the requested ones.
std::vector<std::string> chosen_spaces(const Collection& collection, const Options& options) {
    const auto& spaces = collection.manifest().spaces;
    std::vector<std::string> names;
    for (const auto& [name, record] : spaces) {
        if (record.indexable() || !options.spaces.empty()) names.push_back(name);
    }
    for (const auto& name : options.spaces) {
        if (spaces.count(name) == 0) {
            throw UsageError{fmt::format("the collection has no space '{}'", name),
                             fmt::format("the spaces here are: {}", fmt::join(names, ", "))};
        }
        check_indexable(collection, name);
    }
    if (names.empty()) {
        throw Error{"there are no vectors to index", options.collection.string(),
                    Command{"embed", options.collection.string(), {"--model", "PACKAGE"}}};
    }
    if (!options.spaces.empty()) return options.spaces;
    std::vector<std::string> filled;
    std::copy_if(names.begin(), names.end(), std::back_inserter(filled),
                 [&](const std::string& name) { return spaces.at(name).live > 0; });
    return filled.empty() ? names : filled;
}

void check_space_or_source(const Options& options) {
    if (options.spaces.empty()) return;
    throw UsageError{
        fmt::format("--space names vectors, and --layout {} needs none", options.index.layout),
        "give --source text, caption or a field's name"};
}

void name_empty_spaces(const Collection& collection, const Console& console) {
    for (const auto& [name, record] : collection.manifest().spaces) {
        if (record.live > 0 && !record.indexable())
            console.note(
                fmt::format("build-index {}: needs no index, as its pictures are compared "
                            "one by one",
                            name));
        if (record.live > 0) continue;
        console.note({fmt::format("build-index {}: no vectors, so no index", name),
                      remedy_of_empty_space(collection, name)});
    }
}

/// Rejects flags of the lexical index that would otherwise be ignored silently.
void check_lexical_flags(const Options& options, const Option* source,
                         const std::vector<const Option*>& flags) {
    if (options.index.layout == kLexicalLayout) return;
    const auto refuse = [](const Option* flag, const char* layouts) {
        throw UsageError{fmt::format("{}: only goes with --layout {}", flag->name(), layouts),
                         "see `pmatch build-index --help`"};
    };
    const bool exact = options.index.layout == kExactLayout;
    if (source->given() && !exact) refuse(source, "bm25");
    if (!source->given() && exact) {
        throw UsageError{"--layout exact wants the columns of the identifiers",
                         "name them with --source, the best proof first: --source gtin,mpn"};
    }
    for (const auto* flag : flags) {
        if (flag->given()) refuse(flag, "bm25");
    }
}

ExitCode run_lexical(const Options& options, Context& context) {
    check_space_or_source(options);
    auto lexical = options.lexical;
    lexical.analyser = analyser_from(options.analyser);
    auto collection = Collection::open_for_writing(options.collection);
    const auto built = build_lexical(
        collection, source_named(collection.manifest(), options.source), lexical, context.console);
    if (!built.fresh) {
        context.console.note(fmt::format("build-index {}: up to date ({} texts, layout bm25)",
                                         built.name, grouped(built.info.items)));
        return ExitCode::kDone;
    }
    context.console.note(
        fmt::format("build-index {}: {} texts, layout bm25, {} terms, k1 {}, b {}, {}", built.name,
                    grouped(built.info.items), grouped(built.info.terms), lexical.k1, lexical.b,
                    duration(built.seconds)));
    context.console.detail(fmt::format("build-index {}: {} postings, {:.3f} ms", built.name,
                                       grouped(built.info.postings), built.seconds * 1000));
    return ExitCode::kDone;
}

ExitCode run_exact(const Options& options, Context& context) {
    check_space_or_source(options);
    auto collection = Collection::open_for_writing(options.collection);
    const auto built = build_exact(collection, comma_list(options.source));
    context.console.note(fmt::format("build-index exact: {}{} identifiers in {}",
                                     built.fresh ? "" : "up to date, ", grouped(built.entries),
                                     options.source));
    if (built.left_out > 0) {
        context.console.warning(
            fmt::format("build-index exact: {} cells with a wrong check digit are left out",
                        grouped(built.left_out)));
    }
    return ExitCode::kDone;
}

/// Names outdated lexical indexes, which are built one by one with their own options.
void name_old_lexical(const Collection& collection, const Console& console) {
    const auto& manifest = collection.manifest();
    for (const auto& [name, index] : manifest.lexical) {
        const bool current = is_current(manifest, index);
        if (current && index.analyser_version == kAnalyserVersion) continue;
        const auto* why = current ? "was cut into terms by an earlier version" : "is out of date";
        const bool buildable = has_texts(collection, manifest, index.source);
        console.note({fmt::format("build-index: the lexical index {} {}", name, why),
                      buildable ? Remedy{lexical_command(collection.directory(), index)}
                                : no_inputs_remedy(collection.directory().string())});
    }
    if (manifest.exact && !is_current(manifest, *manifest.exact)) {
        console.note({"build-index: the list of identifiers is out of date",
                      exact_command(collection.directory(), *manifest.exact)});
    }
}

ExitCode run(const Options& options, Context& context) {
    if (options.index.layout == kLexicalLayout) return run_lexical(options, context);
    if (options.index.layout == kExactLayout) return run_exact(options, context);
    auto collection = Collection::open_for_writing(options.collection);
    for (const auto& space : chosen_spaces(collection, options)) {
        build_index(collection, space, options.index, context.console);
        warn_if_incomplete(collection, space, context.console);
    }
    if (options.spaces.empty()) name_empty_spaces(collection, context.console);
    name_old_lexical(collection, context.console);
    return ExitCode::kDone;
}

}  // namespace

void add_build_index(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("build-index",
                                   "Build search indexes over a collection's vectors or texts");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--space", options->spaces,
                    "Space to index; may be repeated [default: all that have vectors]");
    cmd->add_option(
           "--layout", options->index.layout,
           "FAISS factory string, e.g. Flat, HNSW32, IVF1024,Flat; auto: Flat up to "
           "200,000 vectors, HNSW32 up to 2,000,000, then IVF with fp16 storage; bm25: the terms "
           "of texts, for --preset lexical; exact: identifiers, whose hits come first")
        ->capture_default_str();
    auto* source = cmd->add_option("--source", options->source,
                                   "With bm25: text (the whole text), caption, what else `caption` "
                                   "reads (code), or a field's name; with exact: columns of "
                                   "identifiers or code, the best proof first")
                       ->capture_default_str();
    auto* analyser = cmd->add_option("--analyser", options->analyser,
                                     "With bm25: words (Unicode word boundaries) or 3gram (all "
                                     "three-character substrings of each word), without regard to "
                                     "case and Unicode form; words-unaccented, 3gram-unaccented: "
                                     "nor to accents")
                         ->capture_default_str();
    auto* k1 =
        cmd->add_option(
               "--k1", options->lexical.k1,
               "With bm25: term frequency saturation; larger values let repeated terms count more")
            ->capture_default_str();
    auto* b = cmd->add_option("--b", options->lexical.b,
                              "With bm25: length normalisation, from 0 (none) to 1 (full)")
                  ->capture_default_str();
    cmd->footer(
        "Examples:\n"
        "  pmatch build-index shop\n"
        "  pmatch build-index shop --space text --layout HNSW32\n"
        "  pmatch build-index shop --layout bm25 --analyser 3gram\n"
        "  pmatch build-index shop --layout exact --source gtin,mpn\n"
        "Run it again after `embed`: Flat, HNSW and IVF indexes are extended, or rebuilt if too "
        "many of\ntheir vectors are dead; it reports which, and why. Until then queries search the "
        "missing vectors exactly.\n"
        "Layouts other than Flat are measured against exact search; `pmatch status` shows it.");
    const std::vector<const Option*> only_lexical{analyser, k1, b};
    cmd->callback([options, source, only_lexical, &job] {
        check_lexical_flags(*options, source, only_lexical);
        job = [options](Context& context) { return run(*options, context); };
    });
}

}  // namespace pmatch::cli
