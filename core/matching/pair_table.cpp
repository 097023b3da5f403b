#include "core/matching/pair_table.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

namespace pmatch {
namespace {

bool by_items(const ScoredPair& a, const ScoredPair& b) {
    return std::tie(a.left, a.right) < std::tie(b.left, b.right);
}

bool same_items(const ScoredPair& a, const ScoredPair& b) {
    return a.left == b.left && a.right == b.right;
}

/// By left, then right; duplicates with the better score first.
bool by_items_best_first(const ScoredPair& a, const ScoredPair& b) {
    return same_items(a, b) ? a.score > b.score : by_items(a, b);
}

}  // namespace

std::size_t PairTable::list(const std::string& name) {
    const auto found = std::find(lists_.begin(), lists_.end(), name);
    if (found != lists_.end()) return static_cast<std::size_t>(found - lists_.begin());
    lists_.push_back(name);
    parts_.emplace_back(pairs_.size());
    return lists_.size() - 1;
}

void PairTable::add(const ScoredPair& pair) {
    pairs_.push_back(pair);
    for (auto& parts : parts_)
        parts.emplace_back();
}

void PairTable::say(std::size_t list, PairPart part) {
    parts_[list].back() = part;
}

void PairTable::renumber_left(std::span<const std::uint32_t> left) {
    for (auto& pair : pairs_)
        pair.left = left[pair.left];
}

void PairTable::sort() {
    std::vector<std::uint32_t> order(pairs_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return by_items_best_first(pairs_[a], pairs_[b]);
    });
    std::vector<ScoredPair> sorted;
    std::vector<std::uint32_t> owner(pairs_.size());  // index in `order` → index in `sorted`
    sorted.reserve(pairs_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto& pair = pairs_[order[i]];
        if (sorted.empty() || !same_items(sorted.back(), pair)) sorted.push_back(pair);
        owner[i] = static_cast<std::uint32_t>(sorted.size() - 1);
    }
    for (auto& parts : parts_) {
        std::vector<PairPart> moved(sorted.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            auto& to = moved[owner[i]];
            if (!to.present()) to = parts[order[i]];
        }
        parts = std::move(moved);
    }
    pairs_ = std::move(sorted);
}

void PairTable::erase(const std::vector<bool>& drops) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        if (drops[i]) continue;
        pairs_[kept] = pairs_[i];
        for (auto& parts : parts_)
            parts[kept] = parts[i];
        ++kept;
    }
    pairs_.resize(kept);
    for (auto& parts : parts_)
        parts.resize(kept);
}

std::optional<std::size_t> PairTable::find(std::uint32_t left, std::uint32_t right) const {
    const ScoredPair wanted{left, right, 0};
    const auto found = std::lower_bound(pairs_.begin(), pairs_.end(), wanted, by_items);
    if (found == pairs_.end() || !same_items(*found, wanted)) return std::nullopt;
    return static_cast<std::size_t>(found - pairs_.begin());
}

void PairTable::append(const PairTable& other) {
    std::vector<std::size_t> numbers;
    for (const auto& name : other.lists_)
        numbers.push_back(list(name));
    pairs_.insert(pairs_.end(), other.pairs_.begin(), other.pairs_.end());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto& parts = parts_[numbers[i]];
        parts.insert(parts.end(), other.parts_[i].begin(), other.parts_[i].end());
    }
    for (auto& parts : parts_)
        parts.resize(pairs_.size());
}

std::vector<ScoredPair> both_directions(std::span<const ScoredPair> pairs) {
    std::vector<ScoredPair> both;
    both.reserve(2 * pairs.size());
    for (const auto& pair : pairs) {
        if (pair.left == pair.right) continue;
        both.push_back(pair);
        both.push_back({pair.right, pair.left, pair.score});
    }
    std::sort(both.begin(), both.end(), by_items_best_first);
    both.erase(std::unique(both.begin(), both.end(), same_items), both.end());
    return both;
}

std::vector<ScoredPair> one_direction(std::span<const ScoredPair> pairs) {
    std::vector<ScoredPair> turned(pairs.begin(), pairs.end());
    for (auto& pair : turned) {
        if (pair.left > pair.right) std::swap(pair.left, pair.right);
    }
    std::sort(turned.begin(), turned.end(), by_items_best_first);
    turned.erase(std::unique(turned.begin(), turned.end(), same_items), turned.end());
    return turned;
}

std::vector<ScoredPair> with_at_least_one(std::span<const ScoredPair> pairs, float threshold,
                                          float floor) {
    std::vector<ScoredPair> kept;
    for (auto from = pairs.begin(); from != pairs.end();) {
        const auto end = std::find_if(
            from, pairs.end(), [&](const ScoredPair& pair) { return pair.left != from->left; });
        const auto before = kept.size();
        std::copy_if(from, end, std::back_inserter(kept),
                     [&](const ScoredPair& pair) { return pair.score >= threshold; });
        const auto best = *std::min_element(from, end, better);
        if (kept.size() == before && best.score >= floor) kept.push_back(best);
        from = end;
    }
    return kept;
}

void scale_above(std::vector<ScoredPair>& pairs, float threshold) {
    float top = 1;
    for (const auto& pair : pairs)
        top = std::max(top, pair.score);
    const double range = static_cast<double>(top) - threshold;
    for (auto& pair : pairs) {
        // No score can exceed a threshold that is the maximum.
        const double above = static_cast<double>(pair.score) - threshold;
        pair.score = range > 0 ? static_cast<float>(above / range) : (above >= 0 ? 1.0F : -1.0F);
    }
}

}  // namespace pmatch
