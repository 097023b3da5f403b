#include <fmt/format.h>

#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/engine/encoder_kinds.hpp"
#include "cli/indexing/embed_space.hpp"
#include "cli/indexing/shard_option.hpp"
#include "cli/terminal/interrupt.hpp"
#include "core/text/number_text.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch::cli {
namespace {

struct Options {
    std::filesystem::path collection;
    std::string model;
    std::string source;
    std::string long_texts;
    std::string shard;
    EmbedRequest request;
};

ExitCode run(const Options& options, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    auto request = options.request;
    if (!options.shard.empty()) request.shard = shard_option(options.shard);
    auto collection = request.shard ? Collection::open(options.collection)
                                    : Collection::open_for_writing(options.collection);
    const auto model = encoder_kinds().find(options.model);
    if (!options.source.empty())
        request.source = source_named(collection.manifest(), options.source);
    if (!options.long_texts.empty())
        request.long_texts = options.long_texts == "mean" ? LongTexts::kMean : LongTexts::kCut;
    const auto outcome =
        embed_space(collection, *model, request, context.execution(), &InterruptGuard::stop());
    if (outcome.interrupted) {
        context.console.note("embed: interrupted; run the same command again to go on");
        return ExitCode::kInterrupted;
    }
    if (request.shard) {
        context.console.note({fmt::format("embed {}: shard {} is done; when all are", outcome.space,
                                          request.shard->text()),
                              Command{"merge", options.collection.string()}});
    }
    if (outcome.skipped == 0) return ExitCode::kDone;
    if (request.shard) {
        context.console.note(
            fmt::format("embed {}: {} inputs are skipped; the ledger has them "
                        "after the merge",
                        outcome.space, grouped(outcome.skipped)));
        return ExitCode::kSkipped;
    }
    context.console.note({fmt::format("embed {}: {} inputs are skipped; list them", outcome.space,
                                      grouped(outcome.skipped)),
                          Command{"ledger", options.collection.string()}});
    return ExitCode::kSkipped;
}

}  // namespace

void add_embed(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("embed", "Embed a collection's pictures or texts as vectors");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option(
           "--model", options->model,
           "Model package: a directory, or a name under $PMATCH_MODELS; builtin:local: local "
           "features of pictures, for the stage `verify` of a preset")
        ->required();
    cmd->add_option(
        "--source", options->source,
        "What to embed: image, text, caption, what else `caption` reads (code), or the name of a "
        "text column [default: what the model embeds]");
    cmd->add_option("--space", options->request.space,
                    "Name of the set of vectors [default: the source; of builtin:NAME, NAME]");
    cmd->add_flag("--replace", options->request.replace,
                  "Delete the space's vectors if another model made them");
    cmd->add_option("--device", options->request.load.device,
                    "auto, cpu, cuda, cuda:N or cuda:N,M,...")
        ->capture_default_str();
    cmd->add_option("--precision", options->request.load.precision,
                    "auto, fp32, bf16, fp16 (CUDA) or int8 (CPU); auto keeps that of an existing "
                    "space, and for a new one takes bf16 if the package records that it is "
                    "harmless and the processor supports it, else fp32")
        ->capture_default_str();
    cmd->add_option(
           "--long", options->long_texts,
           "Texts with more tokens than the model takes; cut: the rest is left out; mean: "
           "the mean of the vectors of windows over all of it [default: what the space was "
           "made with, else cut]")
        ->check(one_of({"cut", "mean"}));
    cmd->add_option("--checkpoint", options->request.writer.checkpoint,
                    "Maximum seconds of work lost in a crash, in addition to the current window "
                    "(1,024 texts, or some batches of pictures); 0 = save after every window")
        ->capture_default_str()
        ->check(not_negative());
    cmd->add_option(
        "--shard", options->shard,
        "Only share i of n of the work, counted from 0 (2/8), written beside the collection "
        "until `pmatch merge`; any number run at once. auto: from the variables of Slurm's array "
        "jobs, auto/n also from those of Kubernetes' indexed jobs");
    cmd->footer(
        "Examples:\n"
        "  pmatch embed shop --model packages/minilm-l6\n"
        "  pmatch embed shop --model minilm-l6 --source title\n"
        "  pmatch embed shop --model dinov2-base --space dino\n"
        "  pmatch embed shop --model builtin:colour\n"
        "  pmatch embed shop --model builtin:local\n"
        "  pmatch embed shop --model minilm-l6 --shard 0/8\n"
        "Run it again after a crash or with a newer catalog: only missing or changed inputs are "
        "embedded.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
