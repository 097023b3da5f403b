#include "data/captions/caption_sequence.hpp"

#include <iterator>

#include "data/items/caption_reader.hpp"

namespace pmatch {

void CaptionSequence::append(std::vector<CaptionEntry> window) {
    if (!entries_.empty() && !window.empty() && !in_caption_order(entries_.back(), window.front()))
        seal();
    if (entries_.empty()) began_ = {};
    entries_.insert(entries_.end(), std::make_move_iterator(window.begin()),
                    std::make_move_iterator(window.end()));
    if (began_.milliseconds() >= checkpoint_ * 1000) seal();
}

void CaptionSequence::seal() {
    if (entries_.empty()) return;
    publish_(entries_);
    entries_.clear();
}

PartRecord caption_part_record(const std::string& file, const std::vector<CaptionEntry>& entries) {
    PartRecord part;
    part.file = file;
    for (const auto& entry : entries)
        ++(entry.good() ? part.rows : part.skipped);
    part.first_row = entries.front().key.row;
    part.last_row = entries.back().key.row;
    return part;
}

}  // namespace pmatch
