#include <utility>

#include "data/captions/caption_sequence.hpp"
#include "data/captions/caption_store.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/items/caption_part.hpp"
#include "data/shards/shard_directory.hpp"
#include "data/shards/shard_parts.hpp"
#include "data/shards/shard_writers.hpp"

namespace pmatch {
namespace {

constexpr const char* kExtension = ".jsonl";

ShardList begun_list(const Collection& collection, const Source& captions,
                     const CaptionsRecord& record, const ShardOptions& options) {
    const auto name = captions.caption_name();
    const auto& known = collection.manifest().captions;
    if (const auto found = known.find(name); found != known.end())
        check_same_captioner(collection, found->second, record);
    ShardList list;
    list.directory = shard_directory(collection, name, true, options.shard);
    list.name = name;
    list.captions = record;
    list.captions->parts.clear();
    list.shard = options.shard;
    list.window_rows = options.window_rows;
    list.items = items_checksum(collection);
    return list;
}

}  // namespace

struct CaptionShardWriter::State {
    State(const Collection& from, ShardList begun, const ShardOptions& how)
        : collection(from),
          windows{how.window_rows, how.shard},
          directory(std::move(begun), how.replace),
          parts([this](const std::vector<CaptionEntry>& entries) { publish(entries); },
                how.checkpoint) {}

    std::vector<CaptionEntry> entries() const {
        return captions_with(collection, directory.list().name, std::span(&directory.list(), 1));
    }
    void publish(const std::vector<CaptionEntry>& entries) {
        const auto file = write_caption_part(directory.next_target(kExtension), entries);
        directory.add(caption_part_record({}, entries), file, kExtension);
    }

    const Collection& collection;
    CaptionWindows windows;
    ShardDirectory directory;
    CaptionSequence parts;
};

CaptionShardWriter::CaptionShardWriter(const Collection& collection, const Source& captions,
                                       const CaptionsRecord& record, const ShardOptions& options)
    : state_(std::make_unique<State>(collection, begun_list(collection, captions, record, options),
                                     options)) {}

CaptionShardWriter::~CaptionShardWriter() = default;

std::unique_ptr<WorkSource> CaptionShardWriter::pending() const {
    return pending_captions(state_->collection, state_->entries(), state_->windows);
}

ShardCount CaptionShardWriter::count() const {
    const auto counts = count_captions(state_->collection, state_->entries(), state_->windows);
    return {counts.total, counts.done, counts.skipped};
}

int CaptionShardWriter::damaged() const {
    return state_->directory.damaged();
}

void CaptionShardWriter::append(std::vector<CaptionEntry> window) {
    state_->parts.append(std::move(window));
}

void CaptionShardWriter::finish() {
    state_->parts.seal();
}

}  // namespace pmatch
