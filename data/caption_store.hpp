/// The captions of a collection: what is left to write, adding them, reading the live ones.
/// Live means: the item's picture is still the one that was described.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/caption_work.hpp"
#include "core/skipped.hpp"
#include "core/work.hpp"
#include "data/collection.hpp"
#include "data/items.hpp"

namespace pmatch {

/// Registers the captions or checks that `record` may add to them (its `parts` are not looked at).
/// Another fingerprint is an Error that names both sides and the way out; `replace` drops the old
/// captions instead. Damaged or missing parts are dropped too, so that their pictures are described
/// again: their files are returned for a warning.
std::vector<std::string> begin_captions(Collection& collection, const CaptionsRecord& record,
                                        bool replace);

/// All entries of the record's parts in ascending (row, ordinal), a later part's behind an earlier
/// one's. Each part is checked against the manifest first.
std::vector<CaptionEntry> read_captions(const SnapshotFiles& files, const Manifest& manifest);

/// Those of `entries` that speak of the `pictures` as they are now, the latest of each.
std::vector<CaptionEntry> live_among(InputCursor pictures, std::vector<CaptionEntry> entries);

/// Pictures that no live entry accounts for, in windows cut by row number. Problems that may have
/// mended (missing, unreadable, content_changed) are tried again.
std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows);

struct CaptionCount {
    std::int64_t total = 0;    ///< pictures there are
    std::int64_t done = 0;     ///< with a live caption
    std::int64_t skipped = 0;  ///< without one for a reason
};
CaptionCount count_captions(const Collection& collection);

/// Writes the live captions of `next` as one part in the place of all; true when that drops dead
/// ones or merges parts, else nothing is done.
bool merge_captions(const Collection& collection, Manifest& next);

/// Adds windows to a part; a part is sealed (published and committed) when `checkpoint` seconds
/// have passed.
class CaptionWriter : public CaptionSink {
public:
    CaptionWriter(Collection& collection, double checkpoint);

    void append(std::vector<CaptionEntry> window) override;
    /// Seals, and merges the parts into one; also after an interrupt.
    void finish();

private:
    void seal();

    Collection& collection_;
    double checkpoint_;
    std::vector<CaptionEntry> entries_;
    double began_ = 0;
    bool changed_ = false;
};

}  // namespace pmatch
