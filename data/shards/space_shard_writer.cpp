#include <string>
#include <utility>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/part_sequence.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/embeddings/provenance.hpp"
#include "data/items/items.hpp"
#include "data/shards/shard_directory.hpp"
#include "data/shards/shard_parts.hpp"
#include "data/shards/shard_writers.hpp"

namespace pmatch {
namespace {

constexpr const char* kExtension = ".h5";

/// Before a directory is made.
void refuse_another_model(const Collection& collection, const ShardList& list) {
    try {
        const auto& spaces = collection.manifest().spaces;
        const auto known = spaces.find(list.name);  // perhaps only planned
        if (known != spaces.end())
            check_same_encoder(collection, list.name, known->second, list.space);
    } catch (const Error& error) {
        throw Error{error.what(), error.file(),
                    Remedy("name a second space with `--space NAME`, or begin this one anew:",
                           {Command{"plan",
                                    {},
                                    {"--model", list.space.package, "--space", list.name,
                                     "--shards", std::to_string(list.shard.count), "--replace"}}})};
    }
}

ShardList begun_list(const Collection& collection, const std::string& space,
                     const SpaceRecord& record, const ShardOptions& options) {
    check_space_name(space);
    // Reports a wrong field before anything is written.
    (void)Items(collection).inputs(record.source);
    ShardList list;
    list.directory = shard_directory(collection, space, false, options.shard);
    list.name = space;
    list.space = record;
    list.space.parts.clear();
    list.shard = options.shard;
    list.window_rows = options.window_rows;
    list.items = items_checksum(collection);
    refuse_another_model(collection, list);
    return list;
}

}  // namespace

struct SpaceShardWriter::State : PartDestination {
    State(const Collection& from, ShardList begun, const ShardOptions& how)
        : collection(from),
          options(how),
          directory(std::move(begun), how.replace),
          parts(*this, how.checkpoint) {}

    const ShardList& list() const { return directory.list(); }
    SpaceParts known() const { return space_with(collection, list().name, std::span(&list(), 1)); }
    PendingOptions wanted() const {
        return {list().space.source, options.window_rows, options.shard};
    }

    std::filesystem::path next_target() override { return directory.next_target(kExtension); }
    PartHeader header() const override { return header_of(list().space, list().name); }
    void sealed(PartRecord part, const FileRecord& file) override {
        directory.add(std::move(part), file, kExtension);
    }

    const Collection& collection;
    ShardOptions options;
    ShardDirectory directory;
    PartSequence parts;
};

SpaceShardWriter::SpaceShardWriter(const Collection& collection, const std::string& space,
                                   const SpaceRecord& record, const ShardOptions& options)
    : state_(std::make_unique<State>(collection, begun_list(collection, space, record, options),
                                     options)) {}

SpaceShardWriter::~SpaceShardWriter() = default;

std::unique_ptr<WorkSource> SpaceShardWriter::pending() const {
    return pending_work(state_->collection, state_->known(), state_->list().name, state_->wanted());
}

ShardCount SpaceShardWriter::count() const {
    const auto counts =
        count_pending(state_->collection, state_->known(), state_->list().name, state_->wanted());
    return {counts.total, counts.done, counts.skipped};
}

int SpaceShardWriter::damaged() const {
    return state_->directory.damaged();
}

void SpaceShardWriter::append(EmbeddedWindow window) {
    state_->parts.append(std::move(window));
}

void SpaceShardWriter::finish() {
    state_->parts.seal();
}

}  // namespace pmatch
