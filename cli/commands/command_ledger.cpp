#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "core/text/json_text.hpp"
#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::string format = "table";
};

void print_table(const std::vector<Skipped>& rows) {
    Table table({{"item"}, {"stage"}, {"code"}, {"detail"}});
    for (const auto& row : rows)
        table.add({row.item, row.stage, row.code, row.detail});
    table.print(std::cout);
}

/// Replaces tabs and line breaks.
std::string cell(std::string text) {
    for (auto& c : text) {
        if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

void print_tsv(const std::vector<Skipped>& rows) {
    std::cout << "item\tstage\tcode\tdetail\n";
    for (const auto& row : rows) {
        std::cout << cell(row.item) << '\t' << cell(row.stage) << '\t' << cell(row.code) << '\t'
                  << cell(row.detail) << '\n';
    }
}

void print_jsonl(const std::vector<Skipped>& rows) {
    for (const auto& row : rows) {
        const nlohmann::ordered_json line{
            {"item", row.item}, {"stage", row.stage}, {"code", row.code}, {"detail", row.detail}};
        std::cout << json_text(line) << '\n';
    }
}

ExitCode run(const Options& options, Context& context) {
    const auto collection = Collection::open(options.collection);
    const auto rows = ledger(collection);
    if (options.format == "tsv") print_tsv(rows);
    if (options.format == "jsonl") print_jsonl(rows);
    if (options.format == "table" && !rows.empty()) print_table(rows);
    context.console.note(
        rows.empty()
            ? "ledger: empty, every input could be used"
            : fmt::format("ledger: {} inputs", grouped(static_cast<std::int64_t>(rows.size()))));
    return ExitCode::kDone;
}

}  // namespace

void add_ledger(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("ledger", "List the inputs that could not be used, and why");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--format", options->format, "How the rows are printed")
        ->capture_default_str()
        ->check(one_of({"table", "tsv", "jsonl"}));
    cmd->footer(
        "Examples:\n"
        "  pmatch ledger shop\n"
        "  pmatch ledger shop --format jsonl | jq -r .code | sort | uniq -c");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
