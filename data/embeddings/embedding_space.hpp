/// A space of a collection: what is left to embed, adding vectors, reading the live ones.
/// Live means: the item's picture or text is still the one that was embedded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/common/source.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Registers the space or checks that `record` may add to it (its `parts` are not looked at).
/// Another fingerprint or source than that of the vectors there is an Error that names both sides
/// and the way out; `replace` drops the old vectors instead. Damaged or missing parts are dropped
/// too, so that their inputs are embedded again: their files are returned for a warning.
std::vector<std::string> begin_space(Collection& collection, const std::string& space,
                                     const SpaceRecord& record, bool replace);

struct PendingOptions {
    std::optional<Source> source = {};  ///< nothing: the space's own
    int window_rows = 1024;
};

/// Inputs that no live entry of a part accounts for, in windows cut by row number: window w holds
/// rows [w * window_rows, (w + 1) * window_rows). Problems that may have mended (missing,
/// unreadable, content_changed) are tried again, others only when the content changed.
/// The space must be registered. May be read while a SpaceWriter adds to the same collection.
std::unique_ptr<WorkSource> pending_work(const Collection& collection, const std::string& space,
                                         const PendingOptions& options);

struct PendingCount {
    std::int64_t total = 0;    ///< inputs there are
    std::int64_t done = 0;     ///< with a live vector
    std::int64_t skipped = 0;  ///< could not be used; pending_work may try some of them again
};

/// For a space that is not registered everything is pending.
PendingCount count_pending(const Collection& collection, const std::string& space,
                           const PendingOptions& options);

struct SpaceWriterOptions {
    double checkpoint = 30;  ///< seconds of work after which a part is sealed: what a kill may cost
};

/// Adds windows to a part; a part is sealed (published and committed) at 65,536 inputs or when
/// `checkpoint` has passed. A vector that is not finite becomes a skipped input "not_finite".
class SpaceWriter : public EmbeddingSink {
public:
    SpaceWriter(Collection& collection, std::string space, SpaceWriterOptions options = {});
    /// Drops what was not sealed.
    ~SpaceWriter() override;

    void append(EmbeddedWindow window) override;
    /// Seals, merges small parts and writes the view; also after an interrupt.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Live vectors in ascending (row, ordinal), in blocks of at most 4 MiB or one vector. With
/// `wanted` only those whose keys it takes are read; it is asked about each live one, in order.
void for_each_live_block(
    const Collection& collection, const std::string& space,
    const std::function<void(std::span<const InputKey>, std::span<const float>)>& take,
    const std::function<bool(const InputKey&)>& wanted = {});

/// What ingest and the parts could not use, as far as it is still so.
std::vector<Skipped> ledger(const Collection& collection);

}  // namespace pmatch
