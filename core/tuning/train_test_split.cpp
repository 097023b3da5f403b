#include "core/tuning/train_test_split.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "core/common/random.hpp"

namespace pmatch {
namespace {

/// Disjoint sets, each represented by one member.
class DisjointSets {
public:
    explicit DisjointSets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t of(std::size_t member) {
        while (parent_[member] != member) {
            parent_[member] = parent_[parent_[member]];
            member = parent_[member];
        }
        return member;
    }
    void unite(std::size_t a, std::size_t b) { parent_[of(b)] = of(a); }

private:
    std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<std::uint32_t> truth_groups(std::span<const std::string> queries, const Truth& truth) {
    DisjointSets sets(queries.size());
    std::unordered_map<std::string_view, std::size_t> query_of;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto found = truth.find(queries[i]);
        if (found == truth.end()) continue;
        for (const auto& [item, grade] : found->second) {
            if (grade <= 0) continue;
            const auto [at, fresh] = query_of.emplace(item, i);
            if (!fresh) sets.unite(at->second, i);
        }
    }
    std::unordered_map<std::size_t, std::uint32_t> numbers;
    std::vector<std::uint32_t> groups;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        groups.push_back(numbers.emplace(sets.of(i), next).first->second);
    }
    return groups;
}

TrainTestSplit split_halves(std::span<const std::uint32_t> groups, const QueryNumbers& among,
                            std::uint64_t seed) {
    std::map<std::uint32_t, QueryNumbers> members;
    for (std::size_t i = 0; i < among.size(); ++i)
        members[groups[i]].push_back(among[i]);
    std::vector<const QueryNumbers*> order;
    for (const auto& [group, numbers] : members)
        order.push_back(&numbers);
    SplitMix64 random(seed);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    TrainTestSplit halves;
    for (const auto* numbers : order) {
        auto& half = halves.train.size() <= halves.held_out.size() ? halves.train : halves.held_out;
        half.insert(half.end(), numbers->begin(), numbers->end());
    }
    std::sort(halves.train.begin(), halves.train.end());
    std::sort(halves.held_out.begin(), halves.held_out.end());
    return halves;
}

}  // namespace pmatch
