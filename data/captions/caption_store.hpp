/// The captions of a collection as they are written: adding them, merging the live ones.
/// Live means: the item's picture is still the one that was described.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Registers the captions or checks that `record` may add to them (its `parts` are not looked at).
/// Another fingerprint is an Error that names both sides and the way out; `replace` drops the old
/// captions instead. Damaged or missing parts are dropped too, so that their pictures are described
/// again: their files are returned for a warning.
std::vector<std::string> begin_captions(Collection& collection, const CaptionsRecord& record,
                                        bool replace);

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
