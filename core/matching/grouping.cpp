#include "core/matching/grouping.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pmatch {
namespace {

/// Disjoint sets: union by size, path halving.
class Sets {
public:
    std::uint32_t of(std::uint32_t item) {
        auto* parent = &parents_.try_emplace(item, item).first->second;
        while (*parent != item) {
            *parent = parents_.at(*parent);
            item = *parent;
            parent = &parents_.at(item);
        }
        return item;
    }

    /// Has no effect if the union would exceed `largest` (0 = no limit).
    void join(std::uint32_t a, std::uint32_t b, std::size_t largest) {
        a = of(a);
        b = of(b);
        if (a == b) return;
        const auto together = size(a) + size(b);
        if (largest > 0 && together > largest) return;
        if (size(a) < size(b)) std::swap(a, b);
        parents_[b] = a;
        sizes_[a] = together;
    }

    /// Ordered by first member.
    std::vector<std::vector<std::uint32_t>> members() {
        std::vector<std::uint32_t> items;
        for (const auto& entry : parents_)
            items.push_back(entry.first);
        std::sort(items.begin(), items.end());
        std::unordered_map<std::uint32_t, std::size_t> places;
        std::vector<std::vector<std::uint32_t>> sets;
        for (const auto item : items) {
            const auto place = places.try_emplace(of(item), sets.size()).first->second;
            if (place == sets.size()) sets.emplace_back();
            sets[place].push_back(item);
        }
        return sets;
    }

private:
    std::size_t size(std::uint32_t root) const {
        const auto found = sizes_.find(root);
        return found == sizes_.end() ? 1 : found->second;
    }

    std::unordered_map<std::uint32_t, std::uint32_t> parents_;
    std::unordered_map<std::uint32_t, std::size_t> sizes_;  ///< of roots with more than one member
};

/// Best first, the smaller item left, without duplicates and self-pairs.
std::vector<ScoredPair> undirected(std::span<const ScoredPair> pairs) {
    std::vector<ScoredPair> sorted;
    for (auto pair : pairs) {
        if (pair.left == pair.right) continue;
        if (pair.left > pair.right) std::swap(pair.left, pair.right);
        sorted.push_back(pair);
    }
    const auto same = [](const ScoredPair& a, const ScoredPair& b) {
        return a.left == b.left && a.right == b.right;
    };
    std::sort(sorted.begin(), sorted.end(), [&](const ScoredPair& a, const ScoredPair& b) {
        if (same(a, b)) return a.score > b.score;
        return a.left != b.left ? a.left < b.left : a.right < b.right;
    });
    sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
    std::sort(sorted.begin(), sorted.end(), better);
    return sorted;
}

}  // namespace

std::vector<Group> group_items(std::span<const ScoredPair> pairs, const GroupOptions& options) {
    const auto edges = undirected(pairs);
    Sets sets;
    for (const auto& edge : edges)
        sets.join(edge.left, edge.right, options.largest);
    std::unordered_map<std::uint32_t, double> likeness;
    for (const auto& edge : edges) {
        if (sets.of(edge.left) != sets.of(edge.right)) continue;
        likeness[edge.left] += edge.score;
        likeness[edge.right] += edge.score;
    }
    std::vector<Group> groups;
    for (auto& members : sets.members()) {
        if (members.size() < 2) continue;
        // max_element returns the first of several
        const auto medoid = *std::max_element(
            members.begin(), members.end(),
            [&](std::uint32_t a, std::uint32_t b) { return likeness[a] < likeness[b]; });
        groups.push_back({std::move(members), medoid});
    }
    return groups;
}

}  // namespace pmatch
