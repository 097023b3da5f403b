#include "core/matching/grouping.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/matching/agglomeration.hpp"
#include "core/matching/disjoint_sets.hpp"

namespace pmatch {
namespace {

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

using Members = std::vector<std::vector<std::uint32_t>>;

/// item → its set's index
std::unordered_map<std::uint32_t, std::uint32_t> places_of(const Members& sets) {
    std::unordered_map<std::uint32_t, std::uint32_t> places;
    for (std::uint32_t at = 0; at < sets.size(); ++at) {
        for (const auto member : sets[at])
            places.emplace(member, at);
    }
    return places;
}

/// The pairs inside each set, with members numbered from 0 by their place in it.
std::vector<std::vector<ScoredPair>> inside(const Members& sets,
                                            std::span<const ScoredPair> pairs) {
    const auto places = places_of(sets);
    std::vector<std::vector<ScoredPair>> result(sets.size());
    for (const auto& pair : pairs) {
        const auto left = places.find(pair.left);
        const auto right = places.find(pair.right);
        if (left == places.end() || right == places.end() || left->second != right->second)
            continue;
        const auto& members = sets[left->second];
        const auto number = [&](std::uint32_t item) {
            return static_cast<std::uint32_t>(
                std::lower_bound(members.begin(), members.end(), item) - members.begin());
        };
        result[left->second].push_back({number(pair.left), number(pair.right), pair.score});
    }
    return result;
}

/// The clusters of each connected component, ordered by first member.
Members clusters(const Members& components, std::span<const ScoredPair> edges,
                 const GroupOptions& options) {
    const AgglomerationOptions how{options.linkage, options.largest, options.threshold,
                                   edges.empty() ? 0 : edges.back().score};
    const auto pairs = inside(components, edges);
    const auto apart = inside(components, undirected(options.apart));
    Members all;
    for (std::size_t at = 0; at < components.size(); ++at) {
        const auto& members = components[at];
        const auto labels = agglomerate(members.size(), pairs[at], apart[at], how);
        std::unordered_map<std::uint32_t, std::size_t> places;
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto place = places.try_emplace(labels[i], all.size()).first->second;
            if (place == all.size()) all.emplace_back();
            all[place].push_back(members[i]);
        }
    }
    std::sort(all.begin(), all.end());
    return all;
}

/// Members by number of pairs on the way from `start`, one step after the other.
std::size_t steps_from(std::uint32_t start, std::size_t count, std::span<const ScoredPair> pairs) {
    std::vector<std::vector<std::uint32_t>> next(count);
    for (const auto& pair : pairs) {
        next[pair.left].push_back(pair.right);
        next[pair.right].push_back(pair.left);
    }
    std::vector<bool> seen(count);
    seen[start] = true;
    std::size_t steps = 0;
    for (std::vector<std::uint32_t> front{start}; !front.empty(); ++steps) {
        std::vector<std::uint32_t> reached;
        for (const auto member : front) {
            for (const auto other : next[member]) {
                if (seen[other]) continue;
                seen[other] = true;
                reached.push_back(other);
            }
        }
        front = std::move(reached);
        if (front.empty()) break;
    }
    return steps;
}

Group group_of(std::vector<std::uint32_t> members, std::span<const ScoredPair> pairs) {
    std::vector<double> likeness(members.size());
    for (const auto& pair : pairs) {
        likeness[pair.left] += pair.score;
        likeness[pair.right] += pair.score;
    }
    // max_element returns the first of several
    const auto medoid = static_cast<std::uint32_t>(
        std::max_element(likeness.begin(), likeness.end()) - likeness.begin());
    Group group;
    group.medoid = members[medoid];
    group.steps = steps_from(medoid, members.size(), pairs);
    group.members = std::move(members);
    return group;
}

}  // namespace

std::vector<Group> group_items(std::span<const ScoredPair> pairs, const GroupOptions& options) {
    const bool components = options.linkage == Linkage::kComponents;
    const auto edges = undirected(pairs);
    const auto end = std::find_if(edges.begin(), edges.end(), [&](const ScoredPair& edge) {
        return edge.score < options.threshold;
    });
    const std::span<const ScoredPair> above(edges.begin(), end);
    DisjointSets sets;
    if (components) {
        for (const auto& pair : options.apart)
            sets.keep_apart(pair.left, pair.right);
    }
    for (const auto& edge : above)
        sets.join(edge.left, edge.right, components ? options.largest : 0);
    auto members = sets.members();
    if (!components) members = clusters(members, edges, options);
    std::erase_if(members, [](const auto& set) { return set.size() < 2; });
    const auto own_pairs = inside(members, above);
    std::vector<Group> groups;
    for (std::size_t at = 0; at < members.size(); ++at) {
        groups.push_back(group_of(std::move(members[at]), own_pairs[at]));
        groups.back().number = static_cast<std::int64_t>(groups.size());
    }
    return groups;
}

}  // namespace pmatch
