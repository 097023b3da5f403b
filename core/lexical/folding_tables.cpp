#include "core/lexical/folding_tables.hpp"

#include <algorithm>

namespace pmatch::folding {
namespace {

/// Hangul syllables are computed (section 3.12 of the Unicode standard).
namespace hangul {
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrails = 0x11A7;  ///< the first is no trail: it stands for none
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailCount = 28;

constexpr bool is_vowel(char32_t c) {
    return c >= kVowels && c < kVowels + kVowelCount;
}
constexpr bool is_trail(char32_t c) {
    return c > kTrails && c < kTrails + kTrailCount;
}

char32_t compose(char32_t left, char32_t right) {
    if (left >= kLeads && left < kLeads + kLeadCount && is_vowel(right)) {
        return kSyllables + ((left - kLeads) * kVowelCount + (right - kVowels)) * kTrailCount;
    }
    const bool open = left >= kSyllables &&
                      left < kSyllables + kLeadCount * kVowelCount * kTrailCount &&
                      (left - kSyllables) % kTrailCount == 0;
    return open && is_trail(right) ? left + (right - kTrails) : 0;
}
}  // namespace hangul

auto parts_of(const Composition& composition) {
    return std::pair(composition.left, composition.right);
}

bool by_parts(const Composition& a, const Composition& b) {
    return parts_of(a) < parts_of(b);
}

}  // namespace

const Tables& Tables::get() {
    static const Tables tables;
    return tables;
}

Tables::Tables() : cells_(kPage), by_parts_(compositions().begin(), compositions().end()) {
    for (const auto& range : ranges()) {
        for (auto c = range.first; c <= range.last; c += range.step)
            make_cell(c) |= c + static_cast<char32_t>(range.delta);
    }
    for (const auto& range : unseen()) {
        for (auto c = range.first; c <= range.last; ++c)
            make_cell(c) |= kUnseen;
    }
    for (std::size_t i = 0; i < texts().size(); ++i)
        make_cell(texts()[i].from) |= kText | static_cast<std::uint32_t>(i);
    for (const auto& range : combining()) {
        for (auto c = range.first; c <= range.last; ++c)
            make_cell(c) |= kAttaches;
    }
    for (const auto& composition : by_parts_)
        make_cell(composition.right) |= kAttaches;
    for (char32_t c = hangul::kVowels; c < hangul::kTrails + hangul::kTrailCount; ++c) {
        if (hangul::is_vowel(c) || hangul::is_trail(c)) make_cell(c) |= kAttaches;
    }
    std::sort(by_parts_.begin(), by_parts_.end(), by_parts);
}

std::uint32_t& Tables::make_cell(char32_t c) {
    auto& page = pages_[c / kPage];
    if (page == 0) {
        page = static_cast<std::uint32_t>(cells_.size());
        cells_.resize(cells_.size() + kPage);
    }
    return cells_[page + c % kPage];
}

Tables::Fold Tables::fold(char32_t c) const {
    const auto found = cell(c);
    const auto value = found & kValue;
    if ((found & kUnseen) != 0) return {.unseen = true};
    if ((found & kText) != 0) return {.text = texts()[value].to};
    return {.character = value == 0 ? c : value};
}

std::uint8_t Tables::combining_class(char32_t c) const {
    const auto all = combining();
    const auto after =
        std::upper_bound(all.begin(), all.end(), c,
                         [](char32_t value, const auto& range) { return value < range.first; });
    if (after == all.begin()) return 0;
    const auto& range = *std::prev(after);
    return c <= range.last ? range.value : 0;
}

char32_t Tables::compose(char32_t left, char32_t right) const {
    if (const auto syllable = hangul::compose(left, right); syllable != 0) return syllable;
    const Composition wanted{0, left, right};
    const auto found = std::lower_bound(by_parts_.begin(), by_parts_.end(), wanted, by_parts);
    const bool there = found != by_parts_.end() && parts_of(*found) == parts_of(wanted);
    return there ? found->whole : 0;
}

std::optional<std::pair<char32_t, char32_t>> Tables::decompose(char32_t whole) const {
    const auto all = compositions();
    const auto found =
        std::lower_bound(all.begin(), all.end(), whole,
                         [](const auto& one, char32_t value) { return one.whole < value; });
    if (found == all.end() || found->whole != whole) return std::nullopt;
    return parts_of(*found);
}

}  // namespace pmatch::folding
