#include "core/identifiers/identifier_list.hpp"

#include <algorithm>
#include <utility>

#include "core/files/verified_map.hpp"
#include "core/identifiers/identifier.hpp"
#include "core/identifiers/identifier_file.hpp"

namespace pmatch {

struct IdentifierList::State {
    MappedFile file;
    std::vector<IdentifierEntry> own;  ///< of a list without a file
    IdentifierSections sections;

    void add(const Hash128& key, std::vector<Neighbour>& found) const {
        const auto& entries = sections.entries;
        auto at = std::lower_bound(entries.begin(), entries.end(), key,
                                   [](const auto& entry, const auto& k) { return entry.key < k; });
        for (; at != entries.end() && at->key == key; ++at)
            found.push_back({at->row, 1.0F / static_cast<float>(at->column + 1)});
    }
};

IdentifierList::IdentifierList(std::unique_ptr<State> state) : state_(std::move(state)) {}
IdentifierList::~IdentifierList() = default;
IdentifierList::IdentifierList(IdentifierList&&) noexcept = default;
IdentifierList& IdentifierList::operator=(IdentifierList&&) noexcept = default;

IdentifierList IdentifierList::open(const std::filesystem::path& file, const FileRecord& expected) {
    auto state = std::make_unique<State>();
    state->file = map_verified(file, expected, identifier_remedy());
    state->sections = check_identifiers(state->file.bytes(), file);
    return IdentifierList(std::move(state));
}

const IdentifierListInfo& IdentifierList::info() const {
    return state_->sections.info;
}

std::span<const IdentifierEntry> IdentifierList::entries() const {
    return state_->sections.entries;
}

std::vector<Neighbour> IdentifierList::find(std::size_t column, std::string_view cell) const {
    std::vector<Neighbour> found;
    for (const auto one : identifiers_in(cell)) {
        if (const auto number = trade_number(one)) state_->add(key_of_trade_number(*number), found);
        const auto part = part_number(one);
        if (!part.empty()) state_->add(key_of_part_number(part, info().columns[column]), found);
    }
    return found;
}

IdentifierList IdentifierListBuilder::in_memory() const {
    auto state = std::make_unique<IdentifierList::State>();
    state->own = entries_;
    state->sections.entries = state->own;
    for (const auto& column : columns_)
        state->sections.info.columns.push_back(column.name);
    state->sections.info.entries = entries();
    return IdentifierList(std::move(state));
}

Hash128 key_of_trade_number(const std::string& digits) {
    return hash128(std::string("trade") + '\0' + digits);
}

Hash128 key_of_part_number(const std::string& part, const std::string& column) {
    return hash128(std::string("part") + '\0' + column + '\0' + part);
}

}  // namespace pmatch
