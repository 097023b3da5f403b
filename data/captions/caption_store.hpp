/// Writes the captions of a collection: adds new ones and merges the live ones. A caption is live
/// while its item still has the picture it describes.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/captions/caption_sequence.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Registers `captions`, or checks that `record` may add to them (its `parts` are ignored).
/// Throws Error for another fingerprint, naming both sides and the remedy; `replace` deletes the
/// old captions instead. Damaged or missing parts are dropped, too, so that their pictures are
/// captioned again: returns their files, for a warning.
std::vector<std::string> begin_captions(Collection& collection, const CaptionsRecord& record,
                                        bool replace, const Source& captions = Source::captions());

/// Throws Error, naming both sides and the remedy, if the captions of `wanted` cannot stand beside
/// those of `known`.
void check_same_captioner(const Collection& collection, const CaptionsRecord& known,
                          const CaptionsRecord& wanted);

/// Merges the parts, rewrites the views of spaces of these captions, marks lexical indexes and the
/// list of identifiers as outdated, and commits.
void finish_captions(Collection& collection, const Source& captions);

/// Merges the live ones of the `captions` of `next` into a single part. Returns false, without a
/// change, if there is nothing to drop or merge.
bool merge_captions(const Collection& collection, Manifest& next, const Source& captions);

/// Appends windows to a part, which is sealed (published and committed) every `checkpoint` seconds.
class CaptionWriter : public CaptionSink {
public:
    CaptionWriter(Collection& collection, double checkpoint, Source captions = Source::captions());

    void append(std::vector<CaptionEntry> window) override;
    /// Seals the open part, then as finish_captions(); also called after an interrupt.
    void finish();

private:
    void publish(const std::vector<CaptionEntry>& entries);

    Collection& collection_;
    Source captions_;
    CaptionSequence parts_;
    bool changed_ = false;
};

}  // namespace pmatch
