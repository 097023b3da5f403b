/// Internal to data/: joins the current inputs of a space with the entries of its parts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Throws Error with the remedy unless the file `file` is the part that the records describe.
void check_part(const PartReader& reader, const SpaceRecord& record, const PartRecord& part,
                const std::string& file, const Remedy& remedy);

/// Opens a part after verifying it against the manifest and its space.
std::shared_ptr<PartReader> open_part(const Collection& collection, const Manifest& manifest,
                                      const std::string& space, const PartRecord& part);

/// Opens one part of a space, verified.
using PartOpener = std::function<std::shared_ptr<PartReader>(const PartRecord&)>;

/// The parts of a collection's spaces, or these and others that wait to be added.
struct SpaceParts {
    Manifest manifest;
    PartOpener open = {};  ///< empty: open_part()
};

/// Merge join of items and parts in ascending (row, ordinal). A part's keys are in memory only
/// while the scan is within its rows.
class LiveScan {
public:
    enum class State {
        kPending,  ///< no part has an entry for this content
        kDone,     ///< it has a vector
        kSkipped   ///< it could not be used
    };

    LiveScan(const Collection& collection, Manifest manifest, const std::string& space)
        : LiveScan(collection, SpaceParts{std::move(manifest)}, space) {}
    LiveScan(const Collection& collection, SpaceParts parts, const std::string& space);

    /// Moves to the next input, to which the other members refer; false at the end.
    bool next();
    const InputCursor& input() const { return cursor_; }
    State state() const { return state_; }

    /// For kDone and kSkipped: index of the part in SpaceRecord::parts, and of the entry in the
    /// part.
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
    PartOpener open_one_;
    std::string space_;
    std::vector<std::size_t> waiting_;  ///< parts not yet reached, in reverse order
    std::vector<Open> open_;
    Items items_;
    InputCursor cursor_;
    State state_ = State::kPending;
    std::size_t part_ = 0;
    std::int64_t position_ = 0;
    std::size_t found_in_ = 0;
};

}  // namespace pmatch
