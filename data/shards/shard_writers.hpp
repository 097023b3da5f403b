/// Parts of a space or of captions written beside a collection's state: without the writer's lock,
/// by any number of processes, one a shard, and protected from clean-up. merge_shards() adds them.
#pragma once

#include <memory>
#include <string>

#include "core/common/shard.hpp"
#include "core/pipeline/caption_entry.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct ShardOptions {
    Shard shard = {};
    int window_rows = 1024;
    bool replace = false;    ///< remove what the shard has
    double checkpoint = 30;  ///< a part is sealed after so many seconds
};

struct ShardCount {
    std::int64_t total = 0;    ///< inputs of the shard
    std::int64_t done = 0;     ///< with a vector or caption, here or in the collection
    std::int64_t skipped = 0;  ///< without one, for a recorded reason
};

/// A shard of a space. Opened again, it goes on after its last whole part.
class SpaceShardWriter : public EmbeddingSink {
public:
    /// `record` describes the vectors as for begin_space(); `collection` may be open for reading.
    /// Throws Error if the space, or what the shard has, is another model's, or if another process
    /// writes the shard.
    SpaceShardWriter(const Collection& collection, const std::string& space,
                     const SpaceRecord& record, const ShardOptions& options);
    /// Discards unsealed vectors; sealed parts are kept.
    ~SpaceShardWriter() override;

    /// The inputs of the shard that neither the collection nor the shard has.
    std::unique_ptr<WorkSource> pending() const;
    ShardCount count() const;
    /// Parts found damaged: their inputs are pending again.
    int damaged() const;

    void append(EmbeddedWindow window) override;
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A shard of captions, likewise.
class CaptionShardWriter : public CaptionSink {
public:
    CaptionShardWriter(const Collection& collection, const Source& captions,
                       const CaptionsRecord& record, const ShardOptions& options);
    ~CaptionShardWriter() override;

    std::unique_ptr<WorkSource> pending() const;
    ShardCount count() const;
    int damaged() const;

    void append(std::vector<CaptionEntry> window) override;
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
