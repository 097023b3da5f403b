#include "models/subword/merge_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace pmatch {
namespace {

constexpr std::size_t kShort = 32;
constexpr std::uint32_t kNoRank = std::numeric_limits<std::uint32_t>::max();

std::uint64_t pair_of(std::int32_t left, std::int32_t right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32U |
           static_cast<std::uint32_t>(right);
}

/// A possible merge: lowest rank first, ties from the left.
struct Candidate {
    std::uint32_t rank;
    std::uint32_t at;
    std::int32_t merged;
};

bool comes_later(const Candidate& left, const Candidate& right) {
    return left.rank != right.rank ? left.rank > right.rank : left.at > right.at;
}

/// A piece of a word and the positions of its neighbours; kNone = none.
struct Symbol {
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    std::int32_t id = -1;  ///< -1: merged into the previous one
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
};

}  // namespace

MergeTable::MergeTable(std::size_t merges) {
    const auto slots = std::bit_ceil(std::max<std::size_t>(merges * 2, 16));
    entries_.resize(slots);
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots));
}

std::size_t MergeTable::place(std::uint64_t pair) const {
    auto at = (pair * 0x9E3779B97F4A7C15U) >> shift_;
    while (entries_[at].pair != pair && entries_[at].pair != kEmpty)
        at = (at + 1) & (entries_.size() - 1);
    return at;
}

void MergeTable::add(std::int32_t left, std::int32_t right, std::uint32_t rank,
                     std::int32_t merged) {
    const auto pair = pair_of(left, right);
    entries_[place(pair)] = {pair, rank, merged};
}

const MergeTable::Entry* MergeTable::find(std::int32_t left, std::int32_t right) const {
    const auto& entry = entries_[place(pair_of(left, right))];
    return entry.merged < 0 ? nullptr : &entry;
}

void MergeTable::apply(std::vector<std::int32_t>& ids, std::size_t begin) const {
    if (ids.size() - begin <= kShort) {
        apply_short(ids, begin);
    } else {
        apply_long(ids, begin);
    }
}

void MergeTable::apply_short(std::vector<std::int32_t>& ids, std::size_t begin) const {
    struct Pair {
        std::uint32_t rank = kNoRank;
        std::int32_t merged = -1;
    };
    std::array<Pair, kShort> pairs;  // of each piece with the next
    auto count = ids.size() - begin;
    const auto look = [&](std::size_t i) {
        const auto* entry = i + 1 < count ? find(ids[begin + i], ids[begin + i + 1]) : nullptr;
        pairs.at(i) = entry == nullptr ? Pair{} : Pair{entry->rank, entry->merged};
    };
    for (std::size_t i = 0; i < count; ++i)
        look(i);
    while (count > 1) {
        const auto best = static_cast<std::size_t>(
            std::min_element(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(count) - 1,
                             [](const Pair& a, const Pair& b) { return a.rank < b.rank; }) -
            pairs.begin());
        if (pairs.at(best).merged < 0) break;
        ids[begin + best] = pairs.at(best).merged;
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(begin + best + 1));
        std::copy(pairs.begin() + static_cast<std::ptrdiff_t>(best) + 2,
                  pairs.begin() + static_cast<std::ptrdiff_t>(count),
                  pairs.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        --count;
        look(best);
        if (best > 0) look(best - 1);
    }
}

void MergeTable::apply_long(std::vector<std::int32_t>& ids, std::size_t begin) const {
    const auto count = static_cast<std::uint32_t>(ids.size() - begin);
    std::vector<Symbol> symbols(count);
    std::vector<Candidate> queue;
    queue.reserve(count);
    const auto offer = [&](std::uint32_t at) {
        const auto next = symbols[at].next;
        if (next == Symbol::kNone) return;
        const auto* entry = find(symbols[at].id, symbols[next].id);
        if (entry == nullptr) return;
        queue.push_back({entry->rank, at, entry->merged});
        std::push_heap(queue.begin(), queue.end(), comes_later);
    };
    for (std::uint32_t i = 0; i < count; ++i) {
        symbols[i] = {ids[begin + i], i == 0 ? Symbol::kNone : i - 1,
                      i + 1 == count ? Symbol::kNone : i + 1};
    }
    for (std::uint32_t i = 0; i < count; ++i)
        offer(i);
    while (!queue.empty()) {
        std::pop_heap(queue.begin(), queue.end(), comes_later);
        const auto top = queue.back();
        queue.pop_back();
        auto& left = symbols[top.at];
        if (left.id < 0 || left.next == Symbol::kNone) continue;
        auto& right = symbols[left.next];
        // The pair may have changed in the meantime.
        const auto* entry = find(left.id, right.id);
        if (entry == nullptr || entry->merged != top.merged) continue;
        left.id = top.merged;
        left.next = right.next;
        right.id = -1;
        if (left.next != Symbol::kNone) symbols[left.next].previous = top.at;
        if (left.previous != Symbol::kNone) offer(left.previous);
        offer(top.at);
    }
    ids.resize(begin);
    for (const auto& symbol : symbols) {
        if (symbol.id >= 0) ids.push_back(symbol.id);
    }
}

}  // namespace pmatch
