#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/engine/encoder_kinds.hpp"
#include "cli/indexing/plan_shards.hpp"
#include "cli/terminal/remedy_text.hpp"
#include "core/common/error.hpp"
#include "core/text/json_text.hpp"
#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"
#include "data/indexes/lexical_record.hpp"
#include "data/shards/shard_command.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kMostRows = 32;  ///< of the table

struct Options {
    std::filesystem::path collection;
    std::string model;
    std::string source;
    std::string format = "table";
    PlanRequest request;
};

/// The package of the space, or of the collection's only one.
std::string model_of(const Options& options, const Manifest& manifest) {
    if (!options.model.empty()) return options.model;
    const auto& wanted = options.request.embed.space;
    if (wanted.empty() && manifest.spaces.size() == 1)
        return manifest.spaces.begin()->second.package;
    const auto known = manifest.spaces.find(wanted);
    if (known != manifest.spaces.end()) return known->second.package;
    throw UsageError{"what is to be embedded is not clear",
                     "name a model with --model, or a space of the collection with --space"};
}

std::string size_text(std::int64_t bytes) {
    const auto value = static_cast<double>(bytes);
    return value >= 1e9 ? fmt::format("{:.1f} GB", value / 1e9)
                        : fmt::format("{:.1f} MB", value / 1e6);
}

/// What a share takes; nothing if it is empty.
std::string time_text(const ShardPlan& plan, std::int64_t share) {
    if (share == 0) return "";
    return plan.rate() > 0 ? duration(plan.seconds(share)) : "unknown";
}

/// The command of a shard of this collection; `shard` is i/n or auto/n.
std::string shard_line(const ShardPlan& plan, const std::string& collection,
                       const std::string& shard) {
    auto command = shard_command(plan.space, plan.record, shard);
    command.collection = collection;
    return command_line(command);
}

std::string merge_line(const std::string& collection) {
    return command_line({"merge", collection});
}

void print_table(const ShardPlan& plan, const std::string& collection) {
    Table table({{"shard"},
                 {"inputs", Table::Align::kRight},
                 {"time", Table::Align::kRight},
                 {"memory", Table::Align::kRight},
                 {"disk", Table::Align::kRight},
                 {"command"}});
    const auto count = plan.shares.size();
    for (std::size_t i = 0; i < std::min(count, kMostRows); ++i) {
        const auto shard = fmt::format("{}/{}", i, count);
        table.add({shard, grouped(plan.shares[i]), time_text(plan, plan.shares[i]),
                   size_text(plan.memory), size_text(plan.disk(plan.shares[i])),
                   shard_line(plan, collection, shard)});
    }
    table.print(std::cout);
    if (count > kMostRows) {
        std::cout << fmt::format(
            "and {} shards more, of at most {} inputs: {}; `--format json` "
            "has all\n",
            count - kMostRows, grouped(plan.largest()), time_text(plan, plan.largest()));
    }
    std::cout << fmt::format("\nOf a scheduler's array of {} tasks, counted from 0, each:\n  {}\n",
                             count, shard_line(plan, collection, fmt::format("auto/{}", count)))
              << fmt::format("When all are done:\n  {}\n", merge_line(collection));
}

void print_json(const ShardPlan& plan, const std::string& collection) {
    nlohmann::ordered_json json{{"space", plan.space},
                                {"model", plan.record.model},
                                {"fingerprint", plan.record.fingerprint},
                                {"precision", plan.record.precision},
                                {"device", plan.device},
                                {"inputs", plan.inputs},
                                {"done", plan.done},
                                {"window_rows", plan.window_rows},
                                {"measured",
                                 {{"inputs", plan.sampled},
                                  {"seconds", plan.sample_seconds},
                                  {"load_seconds", plan.load_seconds}}},
                                {"shards", nlohmann::ordered_json::array()},
                                {"merge", merge_line(collection)}};
    for (std::size_t i = 0; i < plan.shares.size(); ++i) {
        const auto shard = fmt::format("{}/{}", i, plan.shares.size());
        json["shards"].push_back({{"shard", shard},
                                  {"inputs", plan.shares[i]},
                                  {"seconds", plan.seconds(plan.shares[i])},
                                  {"memory_bytes", plan.memory},
                                  {"disk_bytes", plan.disk(plan.shares[i])},
                                  {"command", shard_line(plan, collection, shard)}});
    }
    std::cout << json_text(json, 1) << "\n";
}

void tell(const Console& console, const ShardPlan& plan) {
    console.note(
        fmt::format("plan {}: {} inputs, {} done before, by {} in {} on {} (fingerprint {})",
                    plan.space, grouped(plan.inputs), grouped(plan.done), plan.record.model,
                    plan.record.precision, plan.device, plan.record.fingerprint));
    const auto empty = std::count(plan.shares.begin(), plan.shares.end(), 0);
    if (empty > 0 && plan.inputs > plan.done) {
        console.note(
            fmt::format("plan {}: {} of the shares are empty, as a share is whole windows "
                        "of {} rows: fewer will do",
                        plan.space, empty, grouped(plan.window_rows)));
    }
    if (plan.sampled == 0) return;
    console.note(fmt::format(
        "plan {}: measured {:.1f} inputs/s on {} of them, the model opened in {:.1f} s; times hold "
        "for machines like this one, one shard each",
        plan.space, plan.rate(), grouped(plan.sampled), plan.load_seconds));
}

ExitCode run(const Options& options, Context& context) {
    auto collection = Collection::open_for_writing(options.collection);
    const auto model = encoder_kinds().find(model_of(options, collection.manifest()));
    auto request = options.request;
    if (!options.source.empty())
        request.embed.source = source_named(collection.manifest(), options.source);
    const auto plan = plan_shards(collection, *model, request, context.execution());
    tell(context.console, plan);
    const auto path = options.collection.string();
    if (options.format == "json") {
        print_json(plan, path);
    } else {
        print_table(plan, path);
    }
    return ExitCode::kDone;
}

}  // namespace

void add_plan(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "plan", "Prepare `embed --shard`: decide the precision once, print each shard's cost");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--shards", options->request.shards, "Number of shares of the work")
        ->required()
        ->check(range(1, 100'000));
    cmd->add_option("--model", options->model,
                    "Model package, as for `pmatch embed` [default: the space's]");
    cmd->add_option("--source", options->source,
                    "What to embed, as for `pmatch embed` [default: what the model embeds]");
    cmd->add_option("--space", options->request.embed.space,
                    "Name of the set of vectors [default: the source]");
    cmd->add_flag("--replace", options->request.embed.replace,
                  "Delete the space's vectors if another model made them");
    cmd->add_option("--device", options->request.embed.load.device,
                    "Where the sample is embedded: auto, cpu, cuda or cuda:N")
        ->capture_default_str();
    cmd->add_option("--precision", options->request.embed.load.precision,
                    "auto, fp32, bf16, fp16 (CUDA) or int8 (CPU): all shards take what is decided "
                    "here")
        ->capture_default_str();
    cmd->add_option("--seconds", options->request.seconds,
                    "Maximum time to embed a sample, which is thrown away; 0 = none, and times are "
                    "unknown")
        ->capture_default_str()
        ->check(not_negative());
    cmd->add_option("--format", options->format, "How the plan is printed")
        ->capture_default_str()
        ->check(one_of({"table", "json"}));
    cmd->footer(
        "Examples:\n"
        "  pmatch plan shop --model minilm-l6 --shards 8\n"
        "  pmatch plan shop --shards 100 --format json\n"
        "It registers the space in the collection, with its precision, and embeds nothing for "
        "good.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
