/// Writes the captions of a collection: adds new ones and merges the live ones. A caption is live
/// while its item still has the picture it describes.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Registers `captions`, or checks that `record` may add to them (its `parts` are ignored).
/// Throws Error for another fingerprint, naming both sides and the remedy; `replace` deletes the
/// old captions instead. Damaged or missing parts are dropped, too, so that their pictures are
/// captioned again: returns their files, for a warning.
std::vector<std::string> begin_captions(Collection& collection, const CaptionsRecord& record,
                                        bool replace, const Source& captions = Source::captions());

/// Merges the live ones of the `captions` of `next` into a single part. Returns false, without a
/// change, if there is nothing to drop or merge.
bool merge_captions(const Collection& collection, Manifest& next, const Source& captions);

/// Appends windows to a part, which is sealed (published and committed) every `checkpoint` seconds.
class CaptionWriter : public CaptionSink {
public:
    CaptionWriter(Collection& collection, double checkpoint, Source captions = Source::captions());

    void append(std::vector<CaptionEntry> window) override;
    /// Seals the open part and merges all parts; also called after an interrupt.
    void finish();

private:
    void seal();

    Collection& collection_;
    double checkpoint_;
    Source captions_;
    std::vector<CaptionEntry> entries_;
    double began_ = 0;
    bool changed_ = false;
};

}  // namespace pmatch
