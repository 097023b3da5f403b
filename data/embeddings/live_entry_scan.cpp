#include "data/embeddings/live_entry_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"

namespace pmatch {
namespace {

bool before(const InputKey& left, const InputKey& right) {
    return std::pair(left.row, left.ordinal) < std::pair(right.row, right.ordinal);
}

}  // namespace

void check_part(const PartReader& reader, const SpaceRecord& record, const PartRecord& part,
                const std::string& file, const Remedy& remedy) {
    const auto& header = reader.header();
    if (header.fingerprint == record.fingerprint && header.dim == record.dim &&
        header.vectors_per_input == record.vectors_per_input && header.bytes == record.bytes &&
        reader.rows() == part.rows) {
        return;
    }
    throw Error{fmt::format("the part has {} vectors of {} values by model {}, expected {} of {} "
                            "by {}",
                            reader.rows(), header.dim, header.fingerprint, part.rows, record.dim,
                            record.fingerprint),
                file, remedy};
}

std::shared_ptr<PartReader> open_part(const Collection& collection, const Manifest& manifest,
                                      const std::string& space, const PartRecord& part) {
    collection.verify(part.file, manifest);
    auto reader = collection.files()->read(
        part.file, [](const auto& path) { return std::make_shared<PartReader>(path); });
    check_part(*reader, manifest.spaces.at(space), part, collection.path(part.file).string(),
               mending_remedy(collection.directory(), manifest, part.file));
    return reader;
}

LiveScan::LiveScan(const Collection& collection, SpaceParts from, const std::string& space)
    : collection_(collection),
      manifest_(std::move(from.manifest)),
      open_one_(std::move(from.open)),
      space_(space),
      items_(collection, manifest_),
      cursor_(items_.inputs(manifest_.spaces.at(space).source)) {
    const auto& parts = manifest_.spaces.at(space).parts;
    waiting_.resize(parts.size());
    std::iota(waiting_.begin(), waiting_.end(), std::size_t{0});
    std::sort(waiting_.begin(), waiting_.end(), [&](std::size_t a, std::size_t b) {
        return parts[a].first_row > parts[b].first_row;
    });
}

void LiveScan::open_parts_up_to(std::int64_t row) {
    const auto& parts = manifest_.spaces.at(space_).parts;
    std::erase_if(open_, [&](const Open& open) { return parts[open.index].last_row < row; });
    while (!waiting_.empty() && parts[waiting_.back()].first_row <= row) {
        Open open;
        open.index = waiting_.back();
        waiting_.pop_back();
        const auto& part = parts[open.index];
        if (part.last_row < row) continue;
        open.reader = open_one_ ? open_one_(part) : open_part(collection_, manifest_, space_, part);
        open.keys = open.reader->keys();
        open.skipped = open.reader->skipped();
        open_.push_back(std::move(open));
    }
}

void LiveScan::look_in(Open& open, const InputKey& key) {
    auto& [index, reader, keys, skipped, next_key, next_skipped] = open;
    while (next_key < keys.size() && before(keys[next_key], key))
        ++next_key;
    while (next_skipped < skipped.size() && before(skipped[next_skipped].key, key))
        ++next_skipped;
    const bool done = next_key < keys.size() && keys[next_key] == key;
    const bool failed = next_skipped < skipped.size() && skipped[next_skipped].key == key;
    if (!done && !failed) return;
    // The latest part with an entry for this content wins.
    if (state_ != State::kPending && part_ > index) return;
    state_ = done ? State::kDone : State::kSkipped;
    part_ = index;
    position_ = static_cast<std::int64_t>(done ? next_key : next_skipped);
    found_in_ = static_cast<std::size_t>(&open - open_.data());
}

bool LiveScan::next() {
    if (!cursor_.next()) return false;
    state_ = State::kPending;
    open_parts_up_to(cursor_.key().row);
    for (auto& open : open_)
        look_in(open, cursor_.key());
    return true;
}

const std::shared_ptr<PartReader>& LiveScan::reader() const {
    return open_[found_in_].reader;
}

const Problem& LiveScan::problem() const {
    return open_[found_in_].skipped[static_cast<std::size_t>(position_)].problem;
}

}  // namespace pmatch
