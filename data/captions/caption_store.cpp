#include "data/captions/caption_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/collection/outdated_lists.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/items/caption_part.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"

namespace pmatch {
namespace {

/// Publishes the entries as the next part.
void add_part(const Collection& collection, Manifest& next, const Source& captions,
              const std::vector<CaptionEntry>& entries) {
    auto& record = next.captions.at(captions.caption_name());
    const auto file = caption_part_file(captions.caption_name(), record.next_part++);
    const auto target = collection.directory() / file;
    make_directories(target.parent_path());
    next.files[file] = write_caption_part(target, entries);
    record.parts.push_back(caption_part_record(file, entries));
}

/// Updates what depends on the captions: rewrites views, marks lexical indexes and the list of
/// identifiers as outdated.
std::vector<StagedFile> refresh_followers(const Collection& collection, Manifest& next,
                                          const Source& captions) {
    std::vector<StagedFile> views;
    for (const auto& [name, space] : collection.manifest().spaces) {
        if (space.source == captions) views.push_back(stage_view(collection, next, name));
    }
    outdate_lists(next, captions);
    return views;
}

}  // namespace

void check_same_captioner(const Collection& collection, const CaptionsRecord& known,
                          const CaptionsRecord& wanted) {
    if (known.fingerprint == wanted.fingerprint) return;
    const auto phrase = [](const CaptionsRecord& record) {
        if (record.view.empty())
            return fmt::format("{} (fingerprint {})", record.model, record.fingerprint);
        return fmt::format(
            "{} in {} (view {}, prompt '{}', at most {} tokens, penalty {}; "
            "fingerprint {})",
            record.model, record.precision, record.view, record.prompt, record.max_tokens,
            record.repetition_penalty, record.fingerprint);
    };
    const auto precision = known.view.empty() ? "" : " --precision " + known.precision;
    throw Error{
        fmt::format("the captions were written by {}, this is {}", phrase(known), phrase(wanted)),
        collection.directory().string(),
        fmt::format("give `--model {}{}` and the same settings to go on, or `--replace` to write "
                    "all anew",
                    known.package, precision)};
}

std::vector<std::string> begin_captions(Collection& collection, const CaptionsRecord& wanted,
                                        bool replace, const Source& captions) {
    auto next = collection.manifest();
    std::vector<std::string> damaged;
    auto record = wanted;
    record.parts.clear();
    record.next_part = 1;
    const auto name = captions.caption_name();
    if (const auto before = next.captions.find(name); before != next.captions.end()) {
        const auto& known = before->second;
        if (!replace) check_same_captioner(collection, known, wanted);
        record.next_part = known.next_part;
        for (const auto& part : known.parts) {
            const bool whole = collection.is_whole(part.file);
            if (!whole) damaged.push_back(part.file);
            if (whole && !replace) {
                record.parts.push_back(part);
            } else {
                next.files.erase(part.file);
            }
        }
        const bool same =
            known.fingerprint == wanted.fingerprint && known.package == wanted.package;
        if (same && !replace && damaged.empty()) return damaged;
    }
    next.captions[name] = std::move(record);
    const auto views = refresh_followers(collection, next, captions);
    collection.commit(std::move(next), views);
    return damaged;
}

bool merge_captions(const Collection& collection, Manifest& next, const Source& captions) {
    auto& parts = next.captions.at(captions.caption_name()).parts;
    auto all = read_captions(*collection.files(), next, captions);
    const auto entries = all.size();
    const auto live =
        live_among(Items(collection, next).inputs(Source::pictures()), std::move(all));
    if (parts.size() <= 1 && live.size() == entries) return false;
    for (const auto& part : parts)
        next.files.erase(part.file);
    parts.clear();
    if (!live.empty()) add_part(collection, next, captions, live);
    return true;
}

CaptionWriter::CaptionWriter(Collection& collection, double checkpoint, Source captions)
    : collection_(collection),
      captions_(std::move(captions)),
      parts_([this](const std::vector<CaptionEntry>& entries) { publish(entries); }, checkpoint) {}

void CaptionWriter::append(std::vector<CaptionEntry> window) {
    parts_.append(std::move(window));
}

void CaptionWriter::publish(const std::vector<CaptionEntry>& entries) {
    auto next = collection_.manifest();
    add_part(collection_, next, captions_, entries);
    collection_.commit(std::move(next));
    changed_ = true;
}

void CaptionWriter::finish() {
    parts_.seal();
    if (!changed_) return;
    finish_captions(collection_, captions_);
    changed_ = false;
}

void finish_captions(Collection& collection, const Source& captions) {
    auto next = collection.manifest();
    if (next.captions.at(captions.caption_name()).parts.size() > 1)
        merge_captions(collection, next, captions);
    const auto views = refresh_followers(collection, next, captions);
    collection.commit(std::move(next), views);
}

}  // namespace pmatch
