#include "core/matching/disjoint_sets.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {

std::uint32_t DisjointSets::of(std::uint32_t item) {
    auto* parent = &parents_.try_emplace(item, item).first->second;
    while (*parent != item) {
        *parent = parents_.at(*parent);
        item = *parent;
        parent = &parents_.at(item);
    }
    return item;
}

std::size_t DisjointSets::size(std::uint32_t root) const {
    const auto found = sizes_.find(root);
    return found == sizes_.end() ? 1 : found->second;
}

void DisjointSets::keep_apart(std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    apart_[a].insert(b);
    apart_[b].insert(a);
}

bool DisjointSets::are_apart(std::uint32_t a, std::uint32_t b) const {
    const auto found = apart_.find(a);
    return found != apart_.end() && found->second.contains(b);
}

void DisjointSets::inherit_apart(std::uint32_t root, std::uint32_t joined) {
    const auto found = apart_.find(joined);
    if (found == apart_.end()) return;
    const auto others = std::move(found->second);
    apart_.erase(found);
    for (const auto other : others) {
        apart_[other].erase(joined);
        keep_apart(root, other);
    }
}

void DisjointSets::join(std::uint32_t a, std::uint32_t b, std::size_t largest) {
    a = of(a);
    b = of(b);
    if (a == b || are_apart(a, b)) return;
    const auto together = size(a) + size(b);
    if (largest > 0 && together > largest) return;
    if (size(a) < size(b)) std::swap(a, b);
    parents_[b] = a;
    sizes_[a] = together;
    inherit_apart(a, b);
}

std::vector<std::vector<std::uint32_t>> DisjointSets::members() {
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

}  // namespace pmatch
