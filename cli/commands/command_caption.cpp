#include <fmt/format.h>

#include <functional>
#include <memory>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/engine/captioner_kinds.hpp"
#include "cli/indexing/shard_option.hpp"
#include "cli/terminal/interrupt.hpp"
#include "core/pipeline/caption_pipeline.hpp"
#include "core/text/number_text.hpp"
#include "data/captions/caption_store.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/pictures/image_reader.hpp"
#include "data/shards/shard_writers.hpp"

namespace pmatch::cli {
namespace {

/// Rows per window: enough for full batches, few enough for memory and for the loss after a crash.
constexpr int kWindowOnCpu = 16;
constexpr int kWindowOnCuda = 64;

struct Options {
    std::filesystem::path collection;
    std::string model;
    bool replace = false;
    double checkpoint = 30;  ///< seconds of work that may be lost in a crash
    std::string shard;
    CaptionerOptions captioner;
    CaptionOptions pipeline;
};

/// Existing captions keep their precision: "auto" must not change it.
std::string precision_for(const Options& options, const Collection& collection,
                          const CaptionerModel& model) {
    const auto& all = collection.manifest().captions;
    const auto known = all.find(model.facts().captions.caption_name());
    if (options.captioner.load.precision != "auto" || known == all.end()) {
        return options.captioner.load.precision;
    }
    const auto& record = known->second;
    const auto same = model.fingerprint(options.captioner.settings, record.precision);
    return same == record.fingerprint ? record.precision : options.captioner.load.precision;
}

CaptionsRecord record_of(const CaptionerInfo& info, const CaptionSettings& settings) {
    CaptionsRecord record;
    record.package = info.package;
    record.model = info.name;
    record.fingerprint = info.fingerprint;
    record.precision = info.precision;
    record.prompt = settings.prompt;
    record.view = settings.view;
    record.max_tokens = settings.max_tokens;
    record.repetition_penalty = settings.repetition_penalty;
    return record;
}

/// Empty for a reader, which writes no tokens.
std::string tokens_rate(const CaptionReport& report) {
    if (report.tokens == 0) return {};
    return fmt::format("{:.1f} tokens/s", static_cast<double>(report.tokens) / report.seconds);
}

void summarize(const Console& console, const CaptionerInfo& info, const CaptionReport& report,
               const CaptionCount& before) {
    if (before.total == 0) {
        console.warning("caption: the collection has no pictures");
        return;
    }
    if (report.pictures() == 0) {
        console.note(
            fmt::format("caption: nothing to do, {} captions are there", grouped(before.done)));
        return;
    }
    const auto tokens = tokens_rate(report);
    console.note(fmt::format(
        "caption: {} captions in {} ({:.2f} pictures/s{}{}) on {} in {}, {} skipped; {} were there "
        "before",
        grouped(report.captions), duration(report.seconds),
        static_cast<double>(report.pictures()) / report.seconds, tokens.empty() ? "" : ", ", tokens,
        info.device, info.precision, grouped(report.skipped), grouped(before.done)));
}

/// Where the captions go, and which pictures lack one there.
struct Destination {
    std::unique_ptr<CaptionSink> sink;
    std::function<CaptionCount()> count;
    std::function<std::unique_ptr<WorkSource>()> pending;
    std::function<void()> finish;
};

Destination collection_destination(const Options& options, Context& context, Collection& collection,
                                   const Source& captions, const CaptionsRecord& record,
                                   int window_rows) {
    for (const auto& file : begin_captions(collection, record, options.replace, captions)) {
        context.console.warning(
            fmt::format("{} is damaged or missing; what it held is written again", file));
    }
    auto writer = std::make_unique<CaptionWriter>(collection, options.checkpoint, captions);
    auto& into = *writer;
    return {std::move(writer),
            [&collection, captions] { return count_captions(collection, captions); },
            [&collection, captions, window_rows] {
                return pending_captions(collection, window_rows, captions);
            },
            [&into] { into.finish(); }};
}

Destination shard_destination(const Options& options, Context& context,
                              const Collection& collection, const Source& captions,
                              const CaptionsRecord& record, int window_rows) {
    const ShardOptions shard{shard_option(options.shard), window_rows, options.replace,
                             options.checkpoint};
    auto writer = std::make_unique<CaptionShardWriter>(collection, captions, record, shard);
    auto& into = *writer;
    if (into.damaged() > 0) {
        context.console.warning(
            fmt::format("caption: {} of the shard's parts are damaged or follow "
                        "a damaged one; what they held is written again",
                        into.damaged()));
    }
    return {std::move(writer),
            [&into] {
                const auto counts = into.count();
                return CaptionCount{counts.total, counts.done, counts.skipped};
            },
            [&into] { return into.pending(); }, [&into] { into.finish(); }};
}

CaptionReport write_captions(const Options& options, Context& context, Captioner& captioner,
                             const Destination& into, const CaptionCount& before) {
    const auto work = into.pending();
    const FilePictureReader reader;
    auto pipeline = options.pipeline;
    pipeline.workers = context.options.threads;
    Progress progress(context.console, "caption", before.total - before.done);
    const auto show = [&](const CaptionReport& report) {
        progress.update(report.pictures(), tokens_rate(report));
    };
    const auto report =
        caption(*work, reader, captioner, *into.sink, pipeline, {show, &InterruptGuard::stop()});
    into.finish();
    return report;
}

ExitCode run(const Options& options, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    auto collection = options.shard.empty() ? Collection::open_for_writing(options.collection)
                                            : Collection::open(options.collection);
    const auto model = captioner_kinds().find(options.model);
    const auto& captions = model->facts().captions;
    auto captioner_options = options.captioner;
    auto& load = captioner_options.load;
    load.precision = precision_for(options, collection, *model);
    load.threads = context.options.threads;
    load.note = [&](const std::string& text) { context.console.note("caption: " + text); };
    const auto settings = model->complete(options.captioner.settings);
    const auto captioner = model->open(captioner_options);
    const auto& info = captioner->info();
    context.console.detail(fmt::format(
        "caption: model {} ({}) on {}, precision {}, view {}, at most {} tokens, prompt '{}'",
        info.name, info.package, info.device, info.precision, settings.view, settings.max_tokens,
        settings.prompt));
    const int window_rows = info.device == "cpu" ? kWindowOnCpu : kWindowOnCuda;
    const auto record = record_of(info, settings);
    const auto into =
        options.shard.empty()
            ? collection_destination(options, context, collection, captions, record, window_rows)
            : shard_destination(options, context, collection, captions, record, window_rows);
    const auto before = into.count();
    const auto report = write_captions(options, context, *captioner, into, before);
    summarize(context.console, info, report, before);
    if (report.interrupted) {
        context.console.note("caption: interrupted; run the same command again to go on");
        return ExitCode::kInterrupted;
    }
    const auto after = into.count();
    if (!options.shard.empty()) {
        context.console.note({"caption: the shard is done; when all are",
                              Command{"merge", options.collection.string()}});
    }
    if (after.skipped == 0) return ExitCode::kDone;
    if (!options.shard.empty()) {
        context.console.note(
            fmt::format("caption: {} pictures are skipped; the ledger has them "
                        "after the merge",
                        grouped(after.skipped)));
        return ExitCode::kSkipped;
    }
    context.console.note(
        {fmt::format("caption: {} pictures are skipped; list them", grouped(after.skipped)),
         Command{"ledger", options.collection.string()}});
    return ExitCode::kSkipped;
}

void add_settings(Verb& cmd, Options& options) {
    auto& settings = options.captioner.settings;
    cmd.add_option("--prompt", settings.prompt, "Prompt for every picture [default: the model's]");
    cmd.add_option("--max-tokens", settings.max_tokens,
                   "Maximum tokens of a caption; 0 = the package's default")
        ->capture_default_str()
        ->check(not_negative());
    cmd.add_option("--view", settings.view,
                   "anyres: the whole picture plus tiles; single: one squashed view, much faster")
        ->capture_default_str();
    cmd.add_option("--repetition-penalty", settings.repetition_penalty,
                   "Values above 1 penalise repeated tokens; 0 = the package's default")
        ->capture_default_str()
        ->check(not_negative());
}

}  // namespace

void add_caption(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand(
        "caption", "Describe a collection's pictures in words, or read words and codes on them");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--model", options->model,
                    "Model package: a directory, or a name under $PMATCH_MODELS, one that "
                    "describes pictures "
                    "or one that reads words; builtin:code reads barcodes")
        ->required();
    add_settings(*cmd, *options);
    cmd->add_flag("--replace", options->replace,
                  "Delete captions written by another model or with other settings");
    cmd->add_option("--device", options->captioner.load.device, "auto, cpu, cuda or cuda:N")
        ->capture_default_str();
    cmd->add_option(
           "--precision", options->captioner.load.precision,
           "auto, fp32, bf16, fp16 (CUDA) or int8 (CPU, and much faster there); auto keeps that of "
           "existing captions, and for new ones takes fp32 on a CPU, bf16 on a GPU")
        ->capture_default_str();
    cmd->add_option("--batch", options->captioner.batch, "Captions generated at a time")
        ->capture_default_str()
        ->check(range(1, 1024));
    cmd->add_option("--cache", options->captioner.cache_megabytes,
                    "Memory in MB for their keys and values; limits the batch")
        ->capture_default_str()
        ->check(range(1, 1 << 20));
    cmd->add_option("--checkpoint", options->checkpoint,
                    "Maximum seconds of work lost in a crash; 0 = save after every window")
        ->capture_default_str()
        ->check(not_negative());
    cmd->add_option("--shard", options->shard,
                    "Only share i of n of the pictures, as for `pmatch embed`");
    cmd->footer(
        "Examples:\n"
        "  pmatch caption shop --model llava-onevision-0.5b --view single\n"
        "  pmatch embed shop --model minilm-l6 --source caption\n"
        "  pmatch caption shop --model ppocr-mobile\n"
        "  pmatch build-index shop --layout bm25 --source caption:words --analyser 3gram\n"
        "  pmatch caption shop --model builtin:code\n"
        "  pmatch build-index shop --layout exact --source code\n"
        "Run it again after a crash or with a newer catalog: only missing or changed pictures are "
        "captioned.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
