#include "data/embeddings/pending_inputs.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/items/items.hpp"
#include "data/pictures/mended_problem.hpp"

namespace pmatch {
namespace {

/// Finds the inputs to embed, window by window.
class PendingWork : public WorkSource {
public:
    PendingWork(const Collection& collection, SpaceParts parts, const std::string& space,
                const PendingOptions& options)
        : pictures_(parts.manifest.spaces.at(space).source.is_picture()),
          scan_(collection, std::move(parts), space),
          window_rows_(options.window_rows),
          shard_(options.shard) {
        advance();
    }

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> window;
        if (!more_) return window;
        const auto number = window_number();
        while (more_ && window_number() == number) {
            window.push_back(current());
            advance();
        }
        return window;
    }

private:
    std::int64_t window_number() const { return scan_.input().key().row / window_rows_; }
    void advance() {
        do {
            more_ = scan_.next();
        } while (more_ && (!shard_.takes(window_number()) || !is_pending(scan_)));
    }
    EmbeddingInput current() const {
        EmbeddingInput item;
        item.key = scan_.input().key();
        if (pictures_) {
            item.picture = scan_.input().picture();
        } else {
            item.text = scan_.input().text();
        }
        return item;
    }

    bool pictures_;
    LiveScan scan_;
    std::int64_t window_rows_;
    Shard shard_;
    bool more_ = false;
};

void check_options(const Collection& collection, const SpaceRecord& record,
                   const std::string& space, const PendingOptions& options) {
    if (options.source && *options.source != record.source) {
        throw Error{fmt::format("space '{}' holds vectors of '{}', not of '{}'", space,
                                record.source.name(), options.source->name()),
                    collection.directory().string(), "name another space with `--space NAME`"};
    }
    if (options.window_rows < 1) {
        throw Error{fmt::format("a window has {} rows, expected at least 1", options.window_rows),
                    {},
                    "give a larger window"};
    }
}

}  // namespace

bool is_pending(const LiveScan& scan) {
    if (scan.state() == LiveScan::State::kPending) return true;
    return scan.state() == LiveScan::State::kSkipped && may_have_mended(scan.problem());
}

std::unique_ptr<WorkSource> pending_work(const Collection& collection, const std::string& space,
                                         const PendingOptions& options) {
    return pending_work(collection, SpaceParts{collection.manifest()}, space, options);
}

std::unique_ptr<WorkSource> pending_work(const Collection& collection, SpaceParts parts,
                                         const std::string& space, const PendingOptions& options) {
    check_options(collection, parts.manifest.spaces.at(space), space, options);
    return std::make_unique<PendingWork>(collection, std::move(parts), space, options);
}

PendingCount count_pending(const Collection& collection, const std::string& space,
                           const PendingOptions& options) {
    if (collection.manifest().spaces.contains(space))
        return count_pending(collection, SpaceParts{collection.manifest()}, space, options);
    PendingCount count;
    const Items items(collection);
    auto cursor = items.inputs(options.source ? *options.source : collection.space(space).source);
    while (cursor.next())
        ++count.total;
    return count;
}

PendingCount count_pending(const Collection& collection, SpaceParts parts, const std::string& space,
                           const PendingOptions& options) {
    PendingCount count;
    LiveScan scan(collection, std::move(parts), space);
    while (scan.next()) {
        if (!options.shard.takes(scan.input().key().row / options.window_rows)) continue;
        ++count.total;
        if (scan.state() == LiveScan::State::kDone) ++count.done;
        if (scan.state() == LiveScan::State::kSkipped) ++count.skipped;
    }
    return count;
}

}  // namespace pmatch
