#include <fmt/format.h>

#include <memory>
#include <vector>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "core/embed_pipeline.hpp"
#include "core/number_text.hpp"
#include "data/collection.hpp"
#include "data/embedding_space.hpp"
#include "data/image_reader.hpp"
#include "models/auto_precision.hpp"
#include "models/load_encoder.hpp"
#include "models/package.hpp"

namespace pmatch::cli {
namespace {

/// Rows of a window of texts: enough to find texts of equal length for a batch.
constexpr int kTextWindow = 1024;
/// Pictures in one encoder call: a GPU takes several passes of them, so that it never waits.
constexpr std::size_t kPicturesOnCuda = 256;

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

std::string default_source(const Package& package) {
    return package.image ? "image" : "text";
}

/// Told before the work: another machine of a fleet may have begun the space.
void warn_if_slow(const Console& console, const std::string& space, const EncoderInfo& info) {
    const auto precision = precision_named(info.precision);
    const Device device{info.device == "cpu" ? Device::Kind::kCpu : Device::Kind::kCuda};
    const auto slow = precision ? slow_here(*precision, device, this_cpu()) : "";
    if (slow.empty()) return;
    console.warning(fmt::format("embed {}: {}; `--precision fp32 --replace` begins the space anew",
                                space, slow));
}

/// A space keeps the precision it was begun with: "auto" must not make another of it, unless it is
/// begun anew.
std::string precision_for(const Options& options, const Collection& collection,
                          const std::string& space, const Package& package) {
    const auto& spaces = collection.manifest().spaces;
    const auto known = spaces.find(space);
    if (options.load.precision != "auto" || options.replace || known == spaces.end()) {
        return options.load.precision;
    }
    const auto& record = known->second;
    const bool same = package.fingerprint(record.precision) == record.fingerprint;
    return same ? record.precision : options.load.precision;
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

void summarize(const Console& console, const std::string& space,
               const std::vector<Encoder*>& encoders, const EmbedReport& report,
               const PendingCount& before) {
    std::string devices;
    for (const auto* encoder : encoders)
        devices += (devices.empty() ? "" : ", ") + encoder->info().device;
    const auto& precision = encoders.front()->info().precision;
    const auto embedded = grouped(report.vectors);
    if (before.total == 0) {
        console.warning(
            fmt::format("embed {}: the collection has nothing to embed there: no item "
                        "has such a picture or text",
                        space));
        return;
    }
    if (report.inputs() == 0) {
        console.note(fmt::format("embed {}: nothing to do, {} vectors are there", space,
                                 grouped(before.done)));
        return;
    }
    console.note(fmt::format(
        "embed {}: {} vectors in {} ({:.1f} items/s) on {} in {}, {} skipped, encoder busy {:.0f} "
        "% of the time; {} were there before",
        space, embedded, duration(report.seconds),
        static_cast<double>(report.inputs()) / report.seconds, devices, precision,
        grouped(report.skipped), 100 * report.encoder_share(), grouped(before.done)));
}

ExitCode run(const Options& options, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    auto collection = Collection::open_for_writing(options.collection);
    const auto package = read_package(find_package(options.model));
    const auto source = options.source.empty() ? default_source(package) : options.source;
    const auto space = options.space.empty() ? source : options.space;
    auto load = options.load;
    load.precision = precision_for(options, collection, space, package);
    load.threads = context.options.threads;
    load.note = [&](const std::string& text) { context.console.note("embed: " + text); };
    load.detail = [&](const std::string& text) { context.console.detail("embed: " + text); };
    const auto owned = load_encoders(package.directory, load);
    std::vector<Encoder*> encoders;
    for (const auto& encoder : owned)
        encoders.push_back(encoder.get());
    const auto& info = encoders.front()->info();
    check_source_fits(source, info);
    warn_if_slow(context.console, space, info);
    context.console.detail(fmt::format("embed {}: model {} ({}) on {}, precision {}, dim {}", space,
                                       info.name, info.package, info.device, info.precision,
                                       info.dim));
    for (const auto& file :
         begin_space(collection, space, space_record(source, info), options.replace)) {
        context.console.warning(
            fmt::format("{} is damaged or missing; what it held is embedded again", file));
    }

    auto embed_options = options.embed;
    embed_options.workers = context.options.threads;
    const bool pictures = source == "image";
    if (info.device != "cpu") embed_options.picture_batch = kPicturesOnCuda;
    const PendingOptions pending{
        source, pictures ? static_cast<int>(embed_options.picture_batch) : kTextWindow};
    const auto before = count_pending(collection, space, pending);
    const auto work = pending_work(collection, space, pending);
    const FilePictureReader reader;
    SpaceWriter writer(collection, space, options.writer);
    EmbedReport report;
    {
        Progress progress(context.console, "embed " + space, before.total - before.done);
        report = embed(
            *work, reader, encoders, writer, embed_options,
            {[&](const EmbedReport& r) { progress.update(r.inputs()); }, &InterruptGuard::stop()});
        writer.finish();
    }
    summarize(context.console, space, encoders, report, before);
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

void add_embed(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("embed", "Turn a collection's pictures or texts into vectors");
    cmd->add_option("COLLECTION", options->collection, "Collection made by `pmatch ingest`")
        ->required();
    cmd->add_option("--model", options->model,
                    "Model package: a directory, or a name under $PMATCH_MODELS")
        ->required();
    cmd->add_option(
        "--source", options->source,
        "What to embed: image, text, caption, or the name of a text column [default: what the "
        "model embeds]");
    cmd->add_option("--space", options->space, "Name of the set of vectors [default: the source]");
    cmd->add_flag("--replace", options->replace,
                  "Let go of the space's vectors when another model made them");
    cmd->add_option("--device", options->load.device, "auto, cpu, cuda, cuda:N or cuda:N,M,...")
        ->capture_default_str();
    cmd->add_option("--precision", options->load.precision,
                    "auto, fp32, bf16, fp16 (CUDA) or int8 (CPU); auto keeps the space's, and for "
                    "a new one takes bf16 where the package records that it is harmless and the "
                    "processor multiplies it, else fp32")
        ->capture_default_str();
    cmd->add_option(
           "--checkpoint", options->writer.checkpoint,
           "Seconds of work that a crash may cost, beside the window at hand (1,024 texts, or "
           "some batches of pictures); 0 = keep every window at once")
        ->capture_default_str()
        ->check(not_negative());
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
