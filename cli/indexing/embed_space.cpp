#include "cli/indexing/embed_space.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/indexing/embed_destination.hpp"
#include "cli/indexing/space_encoders.hpp"
#include "core/text/number_text.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {
namespace {

/// Warns before the work: the space may have been started on another machine.
void warn_if_slow(const Observer& observer, const std::string& space, const EncoderModel& model,
                  const EncoderInfo& info) {
    const auto slow = model.slow_here(info);
    if (slow.empty()) return;
    observer.warning(fmt::format("embed {}: {}; `--precision fp32 --replace` begins the space anew",
                                 space, slow));
}

void summarize(const Observer& observer, const std::string& space,
               const std::vector<Encoder*>& encoders, const EmbedReport& report,
               const PendingCount& before, bool is_shard) {
    std::string devices;
    for (const auto* encoder : encoders)
        devices += (devices.empty() ? "" : ", ") + encoder->info().device;
    const auto& precision = encoders.front()->info().precision;
    const auto embedded = grouped(report.vectors);
    if (before.total == 0 && is_shard) {
        observer.note(fmt::format(
            "embed {}: the share is empty: there are fewer windows than shares", space));
        return;
    }
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

}  // namespace

EmbedOutcome embed_space(Collection& collection, const EncoderModel& model,
                         const EmbedRequest& request, const Execution& execution,
                         const std::atomic<bool>* stop) {
    const auto& observer = execution.observer;
    const auto opened = open_space_encoders(collection, model, request, execution);
    EmbedOutcome outcome;
    outcome.space = opened.space;
    const auto label =
        request.shard ? fmt::format("{} {}", opened.space, request.shard->text()) : opened.space;
    warn_if_slow(observer, label, model, opened.info());
    const auto destination = embed_destination(collection, opened, request, observer);
    const auto before = destination->count();
    const auto work = destination->pending();
    const FilePictureReader reader;
    EmbedReport report;
    {
        Progress progress(observer, "embed " + label, before.total - before.done);
        report = embed(*work, reader, opened.encoders, destination->sink(), opened.pipeline,
                       {[&](const EmbedReport& r) { progress.update(r.inputs()); }, stop});
        destination->finish();
    }
    summarize(observer, label, opened.encoders, report, before, request.shard.has_value());
    tell_of_texts(observer, label, opened.info(), report);
    outcome.interrupted = report.interrupted;
    if (!outcome.interrupted) outcome.skipped = destination->count().skipped;
    return outcome;
}

}  // namespace pmatch
