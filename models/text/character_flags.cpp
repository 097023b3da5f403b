#include <algorithm>
#include <map>

#include "models/text/character_table.hpp"

namespace pmatch::unicode {

CharacterTable::CharacterTable() {
    constexpr std::size_t kPage = 256;
    const auto runs = character_runs();
    std::map<std::vector<std::uint16_t>, std::uint32_t> known;
    std::vector<std::uint16_t> page(kPage);
    std::size_t run = 0;
    for (std::size_t number = 0; number < pages_.size(); ++number) {
        for (std::size_t i = 0; i < kPage; ++i) {
            const auto c = static_cast<char32_t>(number * kPage + i);
            while (run + 1 < runs.size() && runs[run + 1].first <= c)
                ++run;
            page[i] = runs[run].flags;
        }
        const auto [found, added] =
            known.try_emplace(page, static_cast<std::uint32_t>(cells_.size()));
        if (added) cells_.insert(cells_.end(), page.begin(), page.end());
        pages_[number] = found->second;
    }
}

const CharacterTable& CharacterTable::instance() {
    static const CharacterTable table;
    return table;
}

}  // namespace pmatch::unicode
