#include "cli/indexing/space_encoders.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"
#include "core/encoders/builtin.hpp"

namespace pmatch {
namespace {

/// Rows per window of texts: enough to form batches of equal length.
constexpr int kTextWindow = 1024;
/// Pictures per encoder call: several passes, so that the GPU is always busy.
constexpr std::size_t kPicturesOnCuda = 256;

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

SpaceEncoders open_space_encoders(const Collection& collection, const EncoderModel& model,
                                  const EmbedRequest& request, const Execution& execution) {
    SpaceEncoders opened;
    opened.source =
        request.source.value_or(model.facts().images ? Source::pictures() : Source::text());
    opened.space = request.space.empty() ? default_space(model, opened.source) : request.space;
    auto load = request.load;
    load.precision = precision_for(request, collection, opened.space, model);
    load.long_texts = long_texts_for(request, collection, opened.space, opened.source);
    opened.owned = open_encoders(model, load, execution);
    for (const auto& encoder : opened.owned)
        opened.encoders.push_back(encoder.get());
    const auto& info = opened.info();
    check_source_fits(opened.source, info);
    opened.record = space_record(opened.source, info);
    opened.pipeline = request.pipeline;
    opened.pipeline.workers = execution.threads;
    if (info.device != "cpu") opened.pipeline.picture_batch = kPicturesOnCuda;
    opened.window_rows =
        opened.source.is_picture() ? static_cast<int>(opened.pipeline.picture_batch) : kTextWindow;
    execution.observer.detail(fmt::format("embed {}: model {} ({}) on {}, precision {}, dim {}",
                                          opened.space, info.name, info.package, info.device,
                                          info.precision, info.dim));
    return opened;
}

}  // namespace pmatch
