#include "data/captions/pending_captions.hpp"

#include <utility>

#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "data/pictures/mended_problem.hpp"

namespace pmatch {
namespace {

std::vector<CaptionEntry> entries_of(const Collection& collection, const Source& captions) {
    return read_captions(*collection.files(), collection.manifest(), captions);
}

template <typename Take>
void for_each_picture_of(const Collection& collection, std::vector<CaptionEntry> entries,
                         const CaptionWindows& windows, const Take& take) {
    const Items items(collection);
    for_each_picture(items.inputs(Source::pictures()), std::move(entries),
                     [&](const InputCursor& picture, const CaptionEntry* entry) {
                         if (windows.shard.takes(picture.key().row / windows.rows))
                             take(picture, entry);
                     });
}

class PendingCaptions : public WorkSource {
public:
    PendingCaptions(const Collection& collection, std::vector<CaptionEntry> entries,
                    const CaptionWindows& windows)
        : window_rows_(windows.rows) {
        for_each_picture_of(collection, std::move(entries), windows,
                            [&](const InputCursor& picture, const CaptionEntry* entry) {
                                if (!is_pending(entry)) return;
                                items_.push_back({picture.key(), picture.picture(), {}, {}});
                            });
    }

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> window;
        while (next_ < items_.size() &&
               (window.empty() ||
                items_[next_].key.row / window_rows_ == window.front().key.row / window_rows_)) {
            window.push_back(std::move(items_[next_++]));
        }
        return window;
    }

private:
    std::int64_t window_rows_;
    std::vector<EmbeddingInput> items_;
    std::size_t next_ = 0;
};

}  // namespace

bool is_pending(const CaptionEntry* entry) {
    return entry == nullptr || may_have_mended(entry->problem);
}

std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows,
                                             const Source& captions) {
    return pending_captions(collection, entries_of(collection, captions), {window_rows});
}

std::unique_ptr<WorkSource> pending_captions(const Collection& collection,
                                             std::vector<CaptionEntry> entries,
                                             const CaptionWindows& windows) {
    return std::make_unique<PendingCaptions>(collection, std::move(entries), windows);
}

CaptionCount count_captions(const Collection& collection, const Source& captions) {
    return count_captions(collection, entries_of(collection, captions), {});
}

CaptionCount count_captions(const Collection& collection, std::vector<CaptionEntry> entries,
                            const CaptionWindows& windows) {
    CaptionCount count;
    for_each_picture_of(collection, std::move(entries), windows,
                        [&](const InputCursor&, const CaptionEntry* entry) {
                            ++count.total;
                            if (entry != nullptr) ++(entry->good() ? count.done : count.skipped);
                        });
    return count;
}

}  // namespace pmatch
