/// Internal to data/: the current inputs of a space beside what its parts say of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Opens a part after checking it against the manifest and its space.
std::shared_ptr<PartReader> open_part(const Collection& collection, const Manifest& manifest,
                                      const std::string& space, const PartRecord& part);

/// Walks items and parts side by side in ascending (row, ordinal). A part's keys are in memory
/// only while its rows are walked over.
class LiveScan {
public:
    enum class State {
        kPending,  ///< no part knows this content
        kDone,     ///< there is a vector
        kSkipped   ///< it could not be used
    };

    LiveScan(const Collection& collection, Manifest manifest, const std::string& space);

    /// The next input; false at the end. The other members speak of it.
    bool next();
    const InputCursor& input() const { return cursor_; }
    State state() const { return state_; }

    /// For kDone and kSkipped: the part's place in SpaceRecord::parts, and the entry's in it.
    std::size_t part() const { return part_; }
    std::int64_t position() const { return position_; }
    /// For kDone.
    const std::shared_ptr<PartReader>& reader() const;
    /// For kSkipped.
    const Problem& problem() const;

    const Items& items() const { return items_; }

private:
    struct Open {
        std::size_t index = 0;
        std::shared_ptr<PartReader> reader;
        std::vector<InputKey> keys;
        std::vector<SkippedInput> skipped;
        std::size_t next_key = 0;
        std::size_t next_skipped = 0;
    };
    void open_parts_up_to(std::int64_t row);
    void look_in(Open& open, const InputKey& key);

    const Collection& collection_;
    Manifest manifest_;
    std::string space_;
    std::vector<std::size_t> waiting_;  ///< parts not yet reached, the nearest last
    std::vector<Open> open_;
    Items items_;
    InputCursor cursor_;
    State state_ = State::kPending;
    std::size_t part_ = 0;
    std::int64_t position_ = 0;
    std::size_t found_in_ = 0;
};

}  // namespace pmatch
