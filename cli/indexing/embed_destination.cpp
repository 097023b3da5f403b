#include "cli/indexing/embed_destination.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/encoders/builtin.hpp"
#include "data/shards/merge_shards.hpp"
#include "data/shards/shard_writers.hpp"

namespace pmatch {
namespace {

/// The collection's own parts.
class CollectionDestination : public EmbedDestination {
public:
    CollectionDestination(Collection& collection, std::string space, PendingOptions wanted,
                          const SpaceWriterOptions& options)
        : collection_(collection),
          space_(std::move(space)),
          wanted_(std::move(wanted)),
          writer_(collection, space_, options) {}

    PendingCount count() const override { return count_pending(collection_, space_, wanted_); }
    std::unique_ptr<WorkSource> pending() const override {
        return pending_work(collection_, space_, wanted_);
    }
    EmbeddingSink& sink() override { return writer_; }
    void finish() override { writer_.finish(); }

private:
    Collection& collection_;
    std::string space_;
    PendingOptions wanted_;
    SpaceWriter writer_;
};

/// A shard beside the collection.
class ShardDestination : public EmbedDestination {
public:
    ShardDestination(const Collection& collection, const std::string& space,
                     const SpaceRecord& record, const ShardOptions& options)
        : writer_(collection, space, record, options) {}

    PendingCount count() const override {
        const auto counts = writer_.count();
        return {counts.total, counts.done, counts.skipped};
    }
    std::unique_ptr<WorkSource> pending() const override { return writer_.pending(); }
    EmbeddingSink& sink() override { return writer_; }
    void finish() override { writer_.finish(); }
    int damaged() const { return writer_.damaged(); }

private:
    SpaceShardWriter writer_;
};

std::unique_ptr<EmbedDestination> collection_destination(Collection& collection,
                                                         const SpaceEncoders& opened,
                                                         const EmbedRequest& request,
                                                         const Observer& observer) {
    for (const auto& cut : waiting_shards(collection)) {
        if (cut.captions || cut.name != opened.space) continue;
        observer.warning({fmt::format("embed {}: shards of it wait ({} of {}); what they hold is "
                                      "embedded again unless they are merged first",
                                      opened.space, cut.shards, cut.count),
                          Command{"merge", collection.given_path()}});
    }
    for (const auto& file : begin_space(collection, opened.space, opened.record, request.replace)) {
        observer.warning(
            fmt::format("{} is damaged or missing; what it held is embedded again", file));
    }
    return std::make_unique<CollectionDestination>(
        collection, opened.space, PendingOptions{opened.source, opened.window_rows},
        request.writer);
}

std::unique_ptr<EmbedDestination> shard_destination(const Collection& collection,
                                                    const SpaceEncoders& opened,
                                                    const EmbedRequest& request,
                                                    const Observer& observer) {
    const auto& shard = *request.shard;
    const auto what = fmt::format("embed {} {}", opened.space, shard.text());
    if (!is_builtin(opened.record.model) && request.load.precision == "auto" &&
        !collection.manifest().spaces.contains(opened.space)) {
        observer.note({fmt::format("{}: this machine chose {}; where machines differ, decide it "
                                   "once for all",
                                   what, opened.record.precision),
                       Command{"plan",
                               collection.given_path(),
                               {"--model", opened.record.package, "--space", opened.space,
                                "--shards", std::to_string(shard.count)}}});
    }
    auto destination = std::make_unique<ShardDestination>(
        collection, opened.space, opened.record,
        ShardOptions{shard, opened.window_rows, request.replace, request.writer.checkpoint});
    if (destination->damaged() > 0) {
        observer.warning(
            fmt::format("{}: {} of the shard's parts are damaged or follow a damaged "
                        "one; what they held is embedded again",
                        what, destination->damaged()));
    }
    return destination;
}

}  // namespace

std::unique_ptr<EmbedDestination> embed_destination(Collection& collection,
                                                    const SpaceEncoders& opened,
                                                    const EmbedRequest& request,
                                                    const Observer& observer) {
    return request.shard ? shard_destination(collection, opened, request, observer)
                         : collection_destination(collection, opened, request, observer);
}

}  // namespace pmatch
