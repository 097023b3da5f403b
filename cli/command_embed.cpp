#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "core/embed_pipeline.hpp"
#include "data/collection.hpp"
#include "data/embedding_space.hpp"
#include "data/image_reader.hpp"
#include "models/load_encoder.hpp"

namespace pmatch::cli {
namespace {

/// Rows of a window of texts: enough to find texts of equal length for a batch.
constexpr int kTextWindow = 1024;

struct Options {
    std::filesystem::path collection;
    std::string model;
    std::string source;
    std::string space;
    bool replace = false;
    LoadOptions load;
    EmbedOptions embed;
    SpaceWriterOptions writer;
};

std::string default_source(const EncoderInfo& info) {
    return info.images ? "image" : "text";
}

void check_source_fits(const std::string& source, const EncoderInfo& info) {
    if (source == "image" ? info.images : info.texts) return;
    throw UsageError{fmt::format("model '{}' embeds {}, not the source '{}'", info.name,
                                 info.images ? "pictures" : "texts", source),
                     fmt::format("leave --source out, or give a model that embeds {}",
                                 source == "image" ? "pictures" : "texts")};
}

SpaceRecord space_record(const std::string& source, const EncoderInfo& info) {
    SpaceRecord record;
    record.source = source;
    record.package = info.package;
    record.model = info.name;
    record.fingerprint = info.fingerprint;
    record.precision = info.precision;
    record.dim = info.dim;
    record.normalized = info.normalized;
    return record;
}

void summarize(const Console& console, const std::string& space, const EmbedReport& report,
               const PendingCount& before) {
    const auto embedded = grouped(report.vectors);
    if (report.inputs() == 0) {
        console.note(fmt::format("embed {}: nothing to do, {} vectors are there", space,
                                 grouped(before.done)));
        return;
    }
    console.note(fmt::format(
        "embed {}: {} vectors in {} ({:.1f} items/s), {} skipped, encoder busy {:.0f} % of the "
        "time; {} were there before",
        space, embedded, duration(report.seconds),
        static_cast<double>(report.inputs()) / report.seconds, grouped(report.skipped),
        100 * report.encoder_share(), grouped(before.done)));
}

ExitCode run(const Options& options, Context& context) {
    const InterruptGuard interrupt;
    auto collection = Collection::open_for_writing(options.collection);
    auto load = options.load;
    load.threads = context.options.threads;
    const auto encoder = load_encoder(find_package(options.model), load);
    const auto& info = encoder->info();
    const auto source = options.source.empty() ? default_source(info) : options.source;
    const auto space = options.space.empty() ? source : options.space;
    check_source_fits(source, info);
    context.console.detail(fmt::format("embed {}: model {} ({}), precision {}, dim {}", space,
                                       info.name, info.package, info.precision, info.dim));
    for (const auto& file :
         begin_space(collection, space, space_record(source, info), options.replace)) {
        context.console.warning(
            fmt::format("{} is damaged or missing; what it held is embedded again", file));
    }

    auto embed_options = options.embed;
    embed_options.workers = context.options.threads;
    const bool pictures = source == "image";
    const PendingOptions pending{
        source, pictures ? static_cast<int>(embed_options.picture_batch) : kTextWindow};
    const auto before = count_pending(collection, space, pending);
    const auto work = pending_work(collection, space, pending);
    const OpenCvPictureReader reader;
    SpaceWriter writer(collection, space, options.writer);
    EmbedReport report;
    {
        Progress progress(context.console, "embed " + space, before.total - before.done);
        std::array<Encoder*, 1> encoders{encoder.get()};
        report = embed(
            *work, reader, encoders, writer, embed_options,
            {[&](const EmbedReport& r) { progress.update(r.inputs()); }, &InterruptGuard::stop()});
        writer.finish();
    }
    summarize(context.console, space, report, before);
    if (report.interrupted) {
        context.console.note("embed: interrupted; run the same command again to go on");
        return ExitCode::kInterrupted;
    }
    const auto after = count_pending(collection, space, pending);
    if (after.skipped == 0) return ExitCode::kDone;
    context.console.note(fmt::format("embed {}: {} inputs are skipped; list them: pmatch ledger {}",
                                     space, grouped(after.skipped), options.collection.string()));
    return ExitCode::kSkipped;
}

}  // namespace

void add_embed(CLI::App& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("embed", "Turn a collection's pictures or texts into vectors");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--model", options->model,
                    "Model package: a directory, or a name under $PMATCH_MODELS")
        ->required();
    cmd->add_option("--source", options->source,
                    "What to embed: image, text, or the name of a text column [default: what the "
                    "model embeds]");
    cmd->add_option("--space", options->space, "Name of the set of vectors [default: the source]");
    cmd->add_flag("--replace", options->replace,
                  "Let go of the space's vectors when another model made them");
    cmd->add_option("--device", options->load.device, "auto, cpu or cuda")->capture_default_str();
    cmd->add_option("--precision", options->load.precision, "auto or fp32")->capture_default_str();
    cmd->add_option("--checkpoint", options->writer.checkpoint,
                    "Seconds of work that a crash may cost; 0 = keep every window at once")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    cmd->footer(
        "Examples:\n"
        "  pmatch embed shop --model packages/minilm-l6\n"
        "  pmatch embed shop --model minilm-l6 --source title\n"
        "  pmatch embed shop --model dinov2-base --space dino\n"
        "Run it again after a crash or a newer catalog: only what is missing or changed is "
        "embedded.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
