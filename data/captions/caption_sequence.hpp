/// Internal to data/: gathers windows of captions into parts, independently of their destination.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/common/stopwatch.hpp"
#include "core/pipeline/caption_entry.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

class CaptionSequence {
public:
    /// `publish` gets the entries of a part, in ascending (row, ordinal): at the latest
    /// `checkpoint` seconds after the first of them.
    CaptionSequence(std::function<void(const std::vector<CaptionEntry>&)> publish,
                    double checkpoint)
        : publish_(std::move(publish)), checkpoint_(checkpoint) {}

    void append(std::vector<CaptionEntry> window);
    void seal();

private:
    std::function<void(const std::vector<CaptionEntry>&)> publish_;
    double checkpoint_;
    std::vector<CaptionEntry> entries_;
    Stopwatch began_;
};

/// The entries' counts and rows, for the part `file`; not empty.
PartRecord caption_part_record(const std::string& file, const std::vector<CaptionEntry>& entries);

}  // namespace pmatch
