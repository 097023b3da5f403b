#include "core/matching/agglomeration.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace pmatch {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr std::size_t kSmallHeap = 1024;

/// What is known of the pairs between two clusters.
struct Link {
    double sum = 0;  ///< of the listed pairs' scores
    float least = std::numeric_limits<float>::infinity();
    std::uint64_t pairs = 0;  ///< listed ones
    bool apart = false;

    void add(const Link& other) {
        sum += other.sum;
        least = std::min(least, other.least);
        pairs += other.pairs;
        apart = apart || other.apart;
    }
};

/// Two clusters that may be merged.
struct Merge {
    double similarity = 0;
    std::uint32_t first = 0;   ///< the smallest member of one
    std::uint32_t second = 0;  ///< and of the other, which is larger
    std::uint32_t a = 0;
    std::uint32_t b = 0;

    /// Of the standard heap, whose front is the largest.
    friend bool operator<(const Merge& x, const Merge& y) {
        if (x.similarity != y.similarity) return x.similarity < y.similarity;
        return std::tie(x.first, x.second) > std::tie(y.first, y.second);
    }
};

class Agglomeration {
public:
    Agglomeration(std::size_t count, const AgglomerationOptions& options)
        : options_(options), cluster_(count), first_(count), size_(count, 1), links_(count) {
        std::iota(cluster_.begin(), cluster_.end(), 0U);
        std::iota(first_.begin(), first_.end(), 0U);
    }

    void list(std::uint32_t a, std::uint32_t b, const Link& link) {
        links_[a][b].add(link);
        links_[b][a].add(link);
    }

    std::vector<std::uint32_t> run() {
        refill();
        while (!heap_.empty()) {
            std::pop_heap(heap_.begin(), heap_.end());
            const auto next = heap_.back();
            heap_.pop_back();
            if (is_current(next)) merge(next.a, next.b);
        }
        std::vector<std::uint32_t> labels(cluster_.size());
        for (std::uint32_t item = 0; item < labels.size(); ++item)
            labels[item] = of(item);
        return labels;
    }

private:
    std::uint32_t of(std::uint32_t item) {
        while (cluster_[item] != item) {
            cluster_[item] = cluster_[cluster_[item]];
            item = cluster_[item];
        }
        return item;
    }

    double similarity(std::uint32_t a, std::uint32_t b, const Link& link) const {
        if (link.apart) return kNever;
        if (options_.largest > 0 && size_[a] + size_[b] > options_.largest) return kNever;
        const auto all = static_cast<double>(size_[a]) * static_cast<double>(size_[b]);
        const auto unlisted = all - static_cast<double>(link.pairs);
        if (options_.linkage == Linkage::kComplete) return unlisted > 0 ? kNever : link.least;
        return (link.sum + unlisted * options_.unlisted) / all;
    }

    /// Entries of clusters that have changed since are left in the heap until they come up.
    bool is_current(const Merge& merge) const {
        if (cluster_[merge.a] != merge.a || cluster_[merge.b] != merge.b) return false;
        const auto link = links_[merge.a].find(merge.b);
        return link != links_[merge.a].end() &&
               similarity(merge.a, merge.b, link->second) == merge.similarity;
    }

    void propose(std::uint32_t a, std::uint32_t b, const Link& link) {
        const double value = similarity(a, b, link);
        if (!(value >= options_.threshold)) return;
        heap_.push_back(
            {value, std::min(first_[a], first_[b]), std::max(first_[a], first_[b]), a, b});
        std::push_heap(heap_.begin(), heap_.end());
    }

    /// Only the pairs of current clusters: bounds the heap.
    void refill() {
        heap_.clear();
        live_links_ = 0;
        for (std::uint32_t a = 0; a < links_.size(); ++a) {
            live_links_ += links_[a].size();
            for (const auto& [b, link] : links_[a]) {
                if (a < b) propose(a, b, link);
            }
        }
    }

    void merge(std::uint32_t a, std::uint32_t b) {
        if (links_[a].size() < links_[b].size()) std::swap(a, b);
        cluster_[b] = a;
        size_[a] += size_[b];
        first_[a] = std::min(first_[a], first_[b]);
        links_[a].erase(b);
        for (const auto& [other, link] : std::exchange(links_[b], {})) {
            if (other == a) continue;
            links_[other].erase(b);
            links_[a][other].add(link);
            links_[other][a].add(link);
        }
        if (heap_.size() > std::max(kSmallHeap, 2 * live_links_)) return refill();
        for (const auto& [other, link] : links_[a])
            propose(a, other, link);
    }

    const AgglomerationOptions& options_;
    std::vector<std::uint32_t> cluster_;  ///< of an item, or of a merged cluster; itself if current
    std::vector<std::uint32_t> first_;    ///< the smallest member
    std::vector<std::size_t> size_;
    std::vector<std::unordered_map<std::uint32_t, Link>> links_;
    std::size_t live_links_ = 0;  ///< at the last refill
    std::vector<Merge> heap_;
};

}  // namespace

std::vector<std::uint32_t> agglomerate(std::size_t count, std::span<const ScoredPair> pairs,
                                       std::span<const ScoredPair> apart,
                                       const AgglomerationOptions& options) {
    Agglomeration clusters(count, options);
    for (const auto& pair : pairs)
        clusters.list(pair.left, pair.right, {pair.score, pair.score, 1, false});
    for (const auto& pair : apart) {
        Link link;
        link.apart = true;
        clusters.list(pair.left, pair.right, link);
    }
    return clusters.run();
}

}  // namespace pmatch
