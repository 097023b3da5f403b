/// Finds the inputs of a space that are still to be embedded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/common/shard.hpp"
#include "core/common/source.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

class LiveScan;
struct SpaceParts;

struct PendingOptions {
    std::optional<Source> source = {};  ///< unset: the space's own
    int window_rows = 1024;
    Shard shard = {};  ///< only windows of this share
};

/// Inputs without a live entry in any part, in windows of rows: window w holds rows [w *
/// window_rows, (w + 1) * window_rows). Problems that may have been fixed (see
/// may_have_mended()) are tried again, others only if the content changed. The space must be
/// registered. May be read while a SpaceWriter adds to the same collection.
std::unique_ptr<WorkSource> pending_work(const Collection& collection, const std::string& space,
                                         const PendingOptions& options);
/// The same for other parts than the collection's.
std::unique_ptr<WorkSource> pending_work(const Collection& collection, SpaceParts parts,
                                         const std::string& space, const PendingOptions& options);

struct PendingCount {
    std::int64_t total = 0;    ///< all inputs
    std::int64_t done = 0;     ///< with a live vector
    std::int64_t skipped = 0;  ///< unusable; pending_work() retries some of them
};

/// All inputs are pending if the space is not registered.
PendingCount count_pending(const Collection& collection, const std::string& space,
                           const PendingOptions& options);
PendingCount count_pending(const Collection& collection, SpaceParts parts, const std::string& space,
                           const PendingOptions& options);

/// Whether pending_work() yields the input on which the scan stands.
bool is_pending(const LiveScan& scan);

}  // namespace pmatch
