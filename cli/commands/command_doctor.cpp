#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/commands/commands.hpp"
#include "cli/indexing/build_exact.hpp"
#include "cli/indexing/build_index.hpp"
#include "cli/indexing/build_lexical.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "cli/terminal/remedy_text.hpp"
#include "core/text/json_text.hpp"
#include "core/text/text_table.hpp"
#include "data/maintenance/doctor.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::string format = "table";
    bool repair = false;
};

using Findings = std::vector<Finding>;

std::string place_of(const Finding& finding) {
    return finding.name.empty() ? finding.subject : finding.subject + " " + finding.name;
}

void print_table(const Findings& findings) {
    Table table({{"what"}, {"state"}, {"detail"}, {"file"}});
    for (const auto& finding : findings)
        table.add({place_of(finding), name_of(finding.state), finding.detail, finding.file});
    table.print(std::cout);
    std::set<std::string> said;
    for (const auto& finding : findings) {
        const auto fix = text_of(finding.remedy);
        if (fix.empty() || !said.insert(fix).second) continue;
        std::cout << (said.size() == 1 ? "\nto mend it:\n  " : "  ") << fix << '\n';
    }
}

void print_jsonl(const Findings& findings) {
    for (const auto& finding : findings) {
        const nlohmann::ordered_json line{
            {"subject", finding.subject},      {"name", finding.name},
            {"state", name_of(finding.state)}, {"file", finding.file},
            {"detail", finding.detail},        {"fix", text_of(finding.remedy)}};
        std::cout << json_text(line) << '\n';
    }
}

std::int64_t count(const Findings& findings, Finding::State state) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.state == state; });
}

/// Rebuilds what repair() dropped; reports what cannot be rebuilt yet.
void build_again(Collection& collection, const Finding& finding, const Manifest& before,
                 Context& context) {
    try {
        if (finding.subject == "index") {
            IndexOptions options;
            options.layout = before.indexes.at(finding.name).layout;
            build_index(collection, finding.name, options, context.console);
        } else if (finding.subject == "lexical") {
            const auto& record = before.lexical.at(finding.name);
            Bm25Options options;
            options.analyser = analyser_from(record.analyser);
            options.k1 = record.k1;
            options.b = record.b;
            build_lexical(collection, record.source, options, context.console);
        } else if (finding.subject == "identifiers") {
            build_exact(collection, before.exact->columns);
        }
    } catch (const Error& error) {
        context.console.warning(
            fmt::format("{} is not built again: {}", place_of(finding), error.what()));
    }
}

Findings mend(Collection& collection, Context& context) {
    const auto before = collection.manifest();
    const auto done = repair(collection, examine(collection));
    std::set<std::string> built;
    for (const auto& finding : done) {
        context.console.note(
            fmt::format("doctor: {}: {}: {}", place_of(finding), finding.file, finding.detail));
        if (finding.subject == "vectors" || finding.subject == "captions") {
            context.console.note(
                {fmt::format("doctor: {} was taken out, what it held is to be made again",
                             finding.file),
                 finding.remedy});
        } else if (built.insert(place_of(finding)).second) {
            build_again(collection, finding, before, context);
        }
    }
    return examine(Collection::open(collection.directory()));
}

/// An outdated index may also lack vectors that do not exist yet.
void suggest_full_repair(Findings& findings, const Collection& collection) {
    if (count(findings, Finding::State::kDamaged) > 0) return;  // parts may not be readable
    for (auto& finding : findings) {
        if (finding.subject == "index" && finding.state == Finding::State::kStale)
            finding.remedy = mend_index_remedy(collection, finding.name);
    }
}

ExitCode run(const Options& options, Context& context) {
    Findings findings;
    if (options.repair) {
        auto collection = Collection::open_for_writing(options.collection);
        findings = mend(collection, context);
    } else {
        findings = examine(Collection::open(options.collection));
    }
    suggest_full_repair(findings, Collection::open(options.collection));
    if (options.format == "jsonl") print_jsonl(findings);
    if (options.format == "table") print_table(findings);
    const auto damaged = count(findings, Finding::State::kDamaged);
    const auto directory = options.collection.string();
    if (damaged > 0) {
        std::cout.flush();
        const bool no_items = std::any_of(findings.begin(), findings.end(), [](const auto& one) {
            return one.subject == "items" && one.state == Finding::State::kDamaged;
        });
        throw Error{
            fmt::format("{} of {} checks found damage", damaged, findings.size()), directory,
            options.repair || no_items ? Remedy{"see above"}
                                       : Remedy{Command{"doctor", directory, {"--repair"}}}};
    }
    const auto stale = count(findings, Finding::State::kStale);
    context.console.note(fmt::format(
        "doctor: sound{}{}", stale > 0 ? ", but out of date in places" : "",
        count(findings, Finding::State::kLeftover) > 0 ? "; the next writer removes the leftovers"
                                                       : ""));
    return ExitCode::kDone;
}

}  // namespace

void add_doctor(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd =
        app.add_subcommand("doctor", "Verify a collection; --repair rebuilds what can be rebuilt");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_flag("--repair", options->repair,
                  "Remove leftovers, drop damaged parts, rebuild views and damaged indexes");
    cmd->add_option("--format", options->format, "table or jsonl")
        ->capture_default_str()
        ->check(one_of({"table", "jsonl"}));
    cmd->footer(
        "Examples:\n"
        "  pmatch doctor shop\n"
        "  pmatch doctor shop --repair\n"
        "Reads every byte and compares checksums, counts, vectors, views and indexes with each "
        "other.\n"
        "Exit code 0: sound (it may be out of date in places); 1: damaged.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
