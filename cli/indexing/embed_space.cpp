#include "cli/indexing/embed_space.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

#include "core/common/error.hpp"
#include "core/encoders/builtin.hpp"
#include "core/text/number_text.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {
namespace {

/// Rows per window of texts: enough to form batches of equal length.
constexpr int kTextWindow = 1024;
/// Pictures per encoder call: several passes, so that the GPU is always busy.
constexpr std::size_t kPicturesOnCuda = 256;

/// Warns before the work: the space may have been started on another machine.
void warn_if_slow(const Observer& observer, const std::string& space, const EncoderModel& model,
                  const EncoderInfo& info) {
    const auto slow = model.slow_here(info);
    if (slow.empty()) return;
    observer.warning(fmt::format("embed {}: {}; `--precision fp32 --replace` begins the space anew",
                                 space, slow));
}

/// An existing space keeps its precision: "auto" must not change it, except when it is replaced.
std::string precision_for(const EmbedRequest& request, const Collection& collection,
                          const std::string& space, const EncoderModel& model) {
    const auto& spaces = collection.manifest().spaces;
    const auto known = spaces.find(space);
    if (request.load.precision != "auto" || request.replace || known == spaces.end()) {
        return request.load.precision;
    }
    const auto& record = known->second;
    const bool same =
        model.fingerprint_with(record.precision, record.long_texts) == record.fingerprint;
    return same ? record.precision : request.load.precision;
}

/// A descriptor's space is called like it, beside the network's, which is called like its source,
/// without what is no part of a file's name.
std::string default_space(const EncoderModel& model, const Source& source) {
    const auto& name = model.facts().name;
    if (is_builtin(name)) return name.substr(kBuiltinPrefix.size());
    return source.is_caption() ? source.caption_name() : source.name();
}

LongTexts long_texts_for(const EmbedRequest& request, const Collection& collection,
                         const std::string& space, const Source& source) {
    if (request.long_texts == LongTexts::kMean && source.is_picture()) {
        throw UsageError{"--long is for texts, and this embeds pictures",
                         "leave it out, or name a text with --source"};
    }
    const auto& spaces = collection.manifest().spaces;
    const auto known = spaces.find(space);
    const auto before =
        request.replace || known == spaces.end() ? LongTexts::kCut : known->second.long_texts;
    return request.long_texts.value_or(before);
}

void check_source_fits(const Source& source, const EncoderInfo& info) {
    if (source.is_picture() ? info.images : info.texts) return;
    throw UsageError{fmt::format("model '{}' embeds {}, not the source '{}'", info.name,
                                 info.images ? "pictures" : "texts", source.name()),
                     fmt::format("leave --source out, or give a model that embeds {}",
                                 source.is_picture() ? "pictures" : "texts")};
}

std::vector<std::unique_ptr<Encoder>> open_encoders(const EncoderModel& model, LoadOptions load,
                                                    const Execution& execution) {
    const auto& observer = execution.observer;
    load.threads = execution.threads;
    load.note = [&observer](const std::string& text) { observer.note("embed: " + text); };
    load.detail = [&observer](const std::string& text) { observer.detail("embed: " + text); };
    return model.open(load);
}

void summarize(const Observer& observer, const std::string& space,
               const std::vector<Encoder*>& encoders, const EmbedReport& report,
               const PendingCount& before) {
    std::string devices;
    for (const auto* encoder : encoders)
        devices += (devices.empty() ? "" : ", ") + encoder->info().device;
    const auto& precision = encoders.front()->info().precision;
    const auto embedded = grouped(report.vectors);
    if (before.total == 0) {
        observer.warning(
            fmt::format("embed {}: the collection has nothing to embed there: no item "
                        "has such a picture or text",
                        space));
        return;
    }
    if (report.inputs() == 0) {
        observer.note(fmt::format("embed {}: nothing to do, {} vectors are there", space,
                                  grouped(before.done)));
        return;
    }
    observer.note(fmt::format(
        "embed {}: {} vectors in {} ({:.1f} items/s) on {} in {}, {} skipped, encoder busy {:.0f} "
        "% of the time; {} were there before",
        space, embedded, duration(report.seconds),
        static_cast<double>(report.inputs()) / report.seconds, devices, precision,
        grouped(report.skipped), 100 * report.encoder_share(), grouped(before.done)));
}

/// What the model did not see of the texts.
void tell_of_texts(const Observer& observer, const std::string& space, const EncoderInfo& info,
                   const EmbedReport& report) {
    if (report.cut > 0) {
        const bool cuts = info.long_texts == LongTexts::kCut;
        observer.note(fmt::format(
            "embed {}: {} texts have more tokens than the {} that {} takes, and were cut{}", space,
            grouped(report.cut), info.max_tokens, info.name,
            cuts ? "; `--long mean` reads them to their end"
                 : " after as many windows as it reads"));
    }
    if (report.long_texts > 0) {
        observer.note(
            fmt::format("embed {}: {} texts longer than {} tokens are the mean of several "
                        "windows",
                        space, grouped(report.long_texts), info.max_tokens));
    }
    if (report.unknown > 0) {
        observer.note(fmt::format(
            "embed {}: {} texts are nothing but unknown tokens to {}: it cannot tell them apart",
            space, grouped(report.unknown), info.name));
    }
}

/// Registers the space and reports damaged parts.
void begin(Collection& collection, const std::string& space, const SpaceRecord& record,
           bool replace, const Observer& observer) {
    for (const auto& file : begin_space(collection, space, record, replace)) {
        observer.warning(
            fmt::format("{} is damaged or missing; what it held is embedded again", file));
    }
}

}  // namespace

SpaceRecord space_record(const Source& source, const EncoderInfo& info) {
    SpaceRecord record;
    record.source = source;
    record.package = info.package;
    record.model = info.name;
    record.fingerprint = info.fingerprint;
    record.precision = info.precision;
    record.dim = info.dim;
    record.normalized = info.normalized;
    record.long_texts = info.long_texts;
    record.vectors_per_input = info.vectors_per_input;
    record.bytes = info.bytes;
    return record;
}

EmbedOutcome embed_space(Collection& collection, const EncoderModel& model,
                         const EmbedRequest& request, const Execution& execution,
                         const std::atomic<bool>* stop) {
    const auto& observer = execution.observer;
    const auto source =
        request.source.value_or(model.facts().images ? Source::pictures() : Source::text());
    EmbedOutcome outcome;
    outcome.space = request.space.empty() ? default_space(model, source) : request.space;
    const auto& space = outcome.space;
    auto load = request.load;
    load.precision = precision_for(request, collection, space, model);
    load.long_texts = long_texts_for(request, collection, space, source);
    const auto owned = open_encoders(model, load, execution);
    std::vector<Encoder*> encoders;
    for (const auto& encoder : owned)
        encoders.push_back(encoder.get());
    const auto& info = encoders.front()->info();
    check_source_fits(source, info);
    warn_if_slow(observer, space, model, info);
    observer.detail(fmt::format("embed {}: model {} ({}) on {}, precision {}, dim {}", space,
                                info.name, info.package, info.device, info.precision, info.dim));
    begin(collection, space, space_record(source, info), request.replace, observer);

    auto pipeline = request.pipeline;
    pipeline.workers = execution.threads;
    if (info.device != "cpu") pipeline.picture_batch = kPicturesOnCuda;
    const PendingOptions pending{
        source, source.is_picture() ? static_cast<int>(pipeline.picture_batch) : kTextWindow};
    const auto before = count_pending(collection, space, pending);
    const auto work = pending_work(collection, space, pending);
    const FilePictureReader reader;
    SpaceWriter writer(collection, space, request.writer);
    EmbedReport report;
    {
        Progress progress(observer, "embed " + space, before.total - before.done);
        report = embed(*work, reader, encoders, writer, pipeline,
                       {[&](const EmbedReport& r) { progress.update(r.inputs()); }, stop});
        writer.finish();
    }
    summarize(observer, space, encoders, report, before);
    tell_of_texts(observer, space, info, report);
    outcome.interrupted = report.interrupted;
    if (!outcome.interrupted) outcome.skipped = count_pending(collection, space, pending).skipped;
    return outcome;
}

}  // namespace pmatch
