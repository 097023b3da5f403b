#include "data/embeddings/vectors_by_item.hpp"

#include <algorithm>
#include <utility>

#include "data/embeddings/live_entry_scan.hpp"

namespace pmatch {

VectorsByItem::VectorsByItem(const Collection& collection, const std::string& space)
    : dim_(static_cast<std::size_t>(collection.space(space).dim)) {
    parts_.resize(collection.space(space).parts.size());
    LiveScan scan(collection, collection.manifest(), space);
    std::int64_t row = -1;
    std::uint32_t number = 0;
    while (scan.next()) {
        const auto& key = scan.input().key();
        number = key.row == row ? number + 1 : 0;
        row = key.row;
        if (scan.state() != LiveScan::State::kDone) continue;
        parts_[scan.part()] = scan.reader();
        places_.push_back({row, number, static_cast<std::uint32_t>(scan.part()), scan.position()});
    }
}

std::vector<VectorsByItem::Input> VectorsByItem::of(std::int64_t row, std::size_t most) const {
    std::vector<Input> inputs;
    auto place = std::lower_bound(places_.begin(), places_.end(), row,
                                  [](const Place& one, std::int64_t at) { return one.row < at; });
    for (; place != places_.end() && place->row == row; ++place) {
        if (place->number >= most) break;
        const auto& part = *parts_[place->part];
        const auto count = part.begin(place->position + 1) - part.begin(place->position);
        Input input{place->number, std::vector<float>(static_cast<std::size_t>(count) * dim_)};
        part.vectors(place->position, 1, input.vectors);
        inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace pmatch
