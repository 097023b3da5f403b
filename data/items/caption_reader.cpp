#include "data/items/caption_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "data/collection/collection_files.hpp"
#include "data/items/caption_part.hpp"

namespace pmatch {

bool in_caption_order(const CaptionEntry& left, const CaptionEntry& right) {
    return std::pair(left.key.row, left.key.ordinal) < std::pair(right.key.row, right.key.ordinal);
}

void for_each_picture(
    InputCursor pictures, std::vector<CaptionEntry> entries,
    const std::function<void(const InputCursor& picture, CaptionEntry* entry)>& take) {
    auto next = entries.begin();
    while (pictures.next()) {
        const auto& key = pictures.key();
        const CaptionEntry here{key, {}, {}};
        while (next != entries.end() && in_caption_order(*next, here))
            ++next;
        CaptionEntry* found = nullptr;
        for (auto entry = next; entry != entries.end() && !in_caption_order(here, *entry);
             ++entry) {
            if (entry->key == key) found = &*entry;
        }
        take(pictures, found);
    }
}

std::vector<CaptionEntry> read_captions(const SnapshotFiles& files, const Manifest& manifest,
                                        const Source& captions) {
    std::vector<CaptionEntry> entries;
    const auto record = manifest.captions.find(captions.caption_name());
    if (record == manifest.captions.end()) return entries;
    for (const auto& part : record->second.parts) {
        auto more = files.read(part.file, [&](const auto& file) {
            verify_file(file, manifest.files.at(part.file),
                        mending_remedy(files.directory(), manifest, part.file));
            return read_caption_part(file);
        });
        entries.insert(entries.end(), std::make_move_iterator(more.begin()),
                       std::make_move_iterator(more.end()));
    }
    std::stable_sort(entries.begin(), entries.end(), in_caption_order);
    return entries;
}

std::vector<CaptionEntry> live_among(InputCursor pictures, std::vector<CaptionEntry> entries) {
    std::vector<CaptionEntry> live;
    for_each_picture(std::move(pictures), std::move(entries),
                     [&](const InputCursor&, CaptionEntry* entry) {
                         if (entry != nullptr) live.push_back(std::move(*entry));
                     });
    return live;
}

}  // namespace pmatch
