/// Sends the vectors of a space to an engine.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/shard.hpp"
#include "data/collection/collection.hpp"
#include "data/engines/engine_record.hpp"
#include "data/engines/engine_session.hpp"
#include "data/engines/engine_sql.hpp"

namespace pmatch {

/// Rows of a window: shards take every n-th.
inline constexpr std::int64_t kPushWindow = 1024;

struct PushOptions {
    HnswOptions hnsw;
    bool index = true;
    std::string
        build_memory;  ///< maintenance_work_mem while the index is built; empty = the server's
    std::optional<Shard> shard;  ///< unset: everything
    bool replace = false;        ///< delete what another encoder made
};

struct PushOutcome {
    std::int64_t sent = 0;
    std::int64_t removed = 0;
    std::int64_t kept = 0;     ///< were there already
    std::int64_t vectors = 0;  ///< that are there in the end; 0 while shards are missing
    double send_seconds = 0;
    double index_seconds = 0;  ///< 0: it was there, or there is none
    int shards_left = 0;
    bool interrupted = false;
};

/// What the engine has already is not sent again, what is no longer live is removed; so a push that
/// was killed goes on where it was. The last of the shards completes the table and its index; until
/// then queries refuse it. Throws Error that names the engine.
PushOutcome push_space(const Collection& collection, const std::string& space,
                       const EngineRecord& engine, const EngineAddress& address,
                       const PushOptions& options, const Observer& observer,
                       const std::atomic<bool>& stop);

}  // namespace pmatch
