#include "data/captions/pending_captions.hpp"

#include <utility>
#include <vector>

#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "data/pictures/mended_problem.hpp"

namespace pmatch {
namespace {

template <typename Take>
void for_each_picture_of(const Collection& collection, const Source& captions, const Take& take) {
    const Items items(collection);
    for_each_picture(items.inputs(Source::pictures()),
                     read_captions(*collection.files(), collection.manifest(), captions), take);
}

class PendingCaptions : public WorkSource {
public:
    PendingCaptions(const Collection& collection, int window_rows, const Source& captions)
        : window_rows_(window_rows) {
        for_each_picture_of(
            collection, captions, [&](const InputCursor& picture, const CaptionEntry* entry) {
                const bool done = entry != nullptr && !may_have_mended(entry->problem);
                if (done) return;
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

std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows,
                                             const Source& captions) {
    return std::make_unique<PendingCaptions>(collection, window_rows, captions);
}

CaptionCount count_captions(const Collection& collection, const Source& captions) {
    CaptionCount count;
    for_each_picture_of(collection, captions, [&](const InputCursor&, const CaptionEntry* entry) {
        ++count.total;
        if (entry != nullptr) ++(entry->good() ? count.done : count.skipped);
    });
    return count;
}

}  // namespace pmatch
