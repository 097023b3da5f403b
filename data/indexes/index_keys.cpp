#include "data/indexes/index_keys.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/index/npy_file.hpp"

namespace pmatch {
namespace {

constexpr const char* kDescr = "[('ordinal', '<i4'), ('content', '|u1', (16,))]";

/// Memory layout of one element in the file.
struct Element {
    std::int32_t ordinal;
    Hash128 content;
};
static_assert(sizeof(Element) == 20);

bool before(const InputKey& a, const InputKey& b) {
    return std::tie(a.row, a.ordinal, a.content) < std::tie(b.row, b.ordinal, b.content);
}

}  // namespace

FileRecord write_index_keys(const std::filesystem::path& file, std::span<const InputKey> keys) {
    std::vector<Element> elements;
    elements.reserve(keys.size());
    for (const auto& key : keys)
        elements.push_back({key.ordinal, key.content});
    return write_npy(file, kDescr, elements.size(), std::as_bytes(std::span(elements)));
}

std::vector<InputKey> read_index_keys(const std::filesystem::path& file, const FileRecord& expected,
                                      std::span<const std::int64_t> rows) {
    std::vector<Element> elements(rows.size());
    read_npy(file, expected, kDescr, elements.size(), std::as_writable_bytes(std::span(elements)));
    std::vector<InputKey> keys;
    keys.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        keys.push_back({rows[i], elements[i].ordinal, elements[i].content});
    return keys;
}

IndexKeys::IndexKeys(std::vector<InputKey> keys) : keys_(std::move(keys)), found_(keys_.size()) {
    by_key_.reserve(keys_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (keys_[i].row >= 0) by_key_.push_back(static_cast<std::int64_t>(i));
    }
    std::sort(by_key_.begin(), by_key_.end(), [this](std::int64_t a, std::int64_t b) {
        return before(keys_[static_cast<std::size_t>(a)], keys_[static_cast<std::size_t>(b)]);
    });
}

std::optional<std::int64_t> IndexKeys::find(const InputKey& key) {
    const auto at = std::lower_bound(
        by_key_.begin(), by_key_.end(), key, [this](std::int64_t position, const InputKey& wanted) {
            return before(keys_[static_cast<std::size_t>(position)], wanted);
        });
    if (at == by_key_.end() || keys_[static_cast<std::size_t>(*at)] != key) return std::nullopt;
    found_[static_cast<std::size_t>(*at)] = true;
    return *at;
}

std::vector<std::int64_t> IndexKeys::not_found() const {
    std::vector<std::int64_t> positions;
    for (const auto position : by_key_) {
        if (!found_[static_cast<std::size_t>(position)]) positions.push_back(position);
    }
    std::sort(positions.begin(), positions.end());
    return positions;
}

}  // namespace pmatch
