#include "core/matching/grouping.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/common/random.hpp"

using namespace pmatch;

namespace {

using Pairs = std::vector<ScoredPair>;
using Members = std::vector<std::uint32_t>;

std::vector<Members> members(const std::vector<Group>& groups) {
    std::vector<Members> lists;
    for (const auto& group : groups)
        lists.push_back(group.members);
    return lists;
}

}  // namespace

TEST_CASE("groups are what is connected, in the order of their first members") {
    const Pairs pairs = {{7, 5, .9F}, {1, 8, .2F}, {5, 2, .4F}, {3, 3, 1}};
    CHECK(members(group_items(pairs)) == std::vector<Members>{{1, 8}, {2, 5, 7}});
    CHECK(group_items({}).empty());
}

TEST_CASE("a size limit breaks the weakest link") {
    const Pairs chain = {{0, 1, .9F}, {1, 2, .5F}, {2, 3, .8F}};
    CHECK(members(group_items(chain, {3})) == std::vector<Members>{{0, 1}, {2, 3}});
    CHECK(members(group_items(chain, {4})) == std::vector<Members>{{0, 1, 2, 3}});
    CHECK(group_items(chain, {1}).empty());
}

TEST_CASE("the medoid is most like the others, the smallest of equal ones") {
    const Pairs star = {{4, 1, .5F}, {4, 2, .5F}, {4, 3, .5F}, {1, 2, .6F}};
    CHECK(group_items(star).front().medoid == 4);
    CHECK(group_items(Pairs{{9, 6, .5F}}).front().medoid == 6);
}

TEST_CASE("a pair that is listed in both directions counts once") {
    // Once: 1 has .8, 2 has 1.15. Twice, 1 would have 1.3.
    const Pairs pairs = {{0, 1, .5F}, {1, 0, .5F}, {2, 3, .4F}, {1, 2, .3F}, {2, 4, .45F}};
    CHECK(group_items(pairs).front().medoid == 2);
}

TEST_CASE("a link that a limit cut adds nothing to the medoid") {
    const Pairs pairs = {{0, 1, .9F}, {1, 2, .85F}, {2, 3, .9F}, {0, 4, .1F}};
    const auto groups = group_items(pairs, {3});
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].members == Members{0, 1, 4});
    CHECK(groups[0].medoid == 0);
}

TEST_CASE("groups are those of a search through all links") {
    SplitMix64 random(2);
    constexpr std::uint32_t kItems = 400;
    Pairs pairs;
    for (int n = 0; n < 250; ++n)
        pairs.push_back({random.below(kItems), random.below(kItems), .5F});
    Members label(kItems);
    for (std::uint32_t i = 0; i < kItems; ++i)
        label[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& pair : pairs) {
            const auto smaller = std::min(label[pair.left], label[pair.right]);
            changed = changed || label[pair.left] != label[pair.right];
            label[pair.left] = label[pair.right] = smaller;
        }
    }
    std::vector<Members> expected(kItems);
    for (std::uint32_t i = 0; i < kItems; ++i)
        expected[label[i]].push_back(i);
    std::erase_if(expected, [](const Members& list) { return list.size() < 2; });
    CHECK(members(group_items(pairs)) == expected);
}

TEST_CASE("complete linkage wants every pair, and takes the best first") {
    const Pairs chain = {{0, 1, .9F}, {1, 2, .8F}, {2, 3, .85F}, {0, 2, .3F}};
    const GroupOptions complete{.linkage = Linkage::kComplete, .threshold = .5F};
    CHECK(members(group_items(chain, complete)) == std::vector<Members>{{0, 1}, {2, 3}});
    const Pairs whole = {{0, 1, .9F}, {1, 2, .8F}, {0, 2, .6F}};
    CHECK(members(group_items(whole, complete)) == std::vector<Members>{{0, 1, 2}});
    CHECK(group_items(whole, complete).front().steps == 1);
}

TEST_CASE("average linkage takes the mean, a pair that was not compared counts as the lowest") {
    // {0, 1} and 2: (.8 + .4) / 2 = .6
    const Pairs pairs = {{0, 1, .9F}, {1, 2, .8F}, {0, 2, .4F}, {7, 8, .1F}};
    const auto grouped = [&](float threshold, const Pairs& some) {
        return members(group_items(some, {.linkage = Linkage::kAverage, .threshold = threshold}));
    };
    CHECK(grouped(.55F, pairs) == std::vector<Members>{{0, 1, 2}});
    CHECK(grouped(.65F, pairs) == std::vector<Members>{{0, 1}});
    // Without 0-2: (.8 + .1) / 2 = .45
    const Pairs fewer = {{0, 1, .9F}, {1, 2, .8F}, {7, 8, .1F}};
    CHECK(grouped(.5F, fewer) == std::vector<Members>{{0, 1}});
    CHECK(grouped(.44F, fewer) == std::vector<Members>{{0, 1, 2}});
}

TEST_CASE("items that are kept apart come into no group together, by no linkage") {
    const Pairs pairs = {{0, 1, .9F}, {1, 2, .8F}, {0, 2, .85F}};
    const Pairs apart = {{2, 0, 0}};
    CHECK(members(group_items(pairs, {.apart = apart})) == std::vector<Members>{{0, 1}});
    for (const auto linkage : {Linkage::kComplete, Linkage::kAverage}) {
        const GroupOptions options{.linkage = linkage, .threshold = .5F, .apart = apart};
        CHECK(members(group_items(pairs, options)) == std::vector<Members>{{0, 1}});
    }
}

TEST_CASE("apart stays apart however the groups have grown") {
    const Pairs pairs = {{0, 1, .9F}, {2, 3, .9F}, {1, 2, .8F}, {3, 4, .7F}, {4, 0, .6F}};
    const Pairs apart = {{0, 3, 0}};
    CHECK(members(group_items(pairs, {.apart = apart})) == std::vector<Members>{{0, 1}, {2, 3, 4}});
}

TEST_CASE("a limit holds for every linkage") {
    const Pairs clique = {{0, 1, .9F}, {0, 2, .9F}, {0, 3, .9F},
                          {1, 2, .9F}, {1, 3, .9F}, {2, 3, .9F}};
    for (const auto linkage : {Linkage::kComponents, Linkage::kComplete, Linkage::kAverage}) {
        const auto groups = group_items(clique, {.largest = 2, .linkage = linkage, .threshold = 0});
        CHECK(members(groups) == std::vector<Members>{{0, 1}, {2, 3}});
    }
}

TEST_CASE("steps count the pairs between the medoid and the farthest member") {
    const Pairs chain = {{0, 1, .9F}, {1, 2, .9F}, {2, 3, .9F}, {3, 4, .9F}, {4, 5, .9F}};
    const auto group = group_items(chain).front();
    CHECK(group.medoid == 1);  // of the four with two pairs the first
    CHECK(group.steps == 4);
    CHECK(group_items(Pairs{{0, 1, .9F}}).front().steps == 1);
}

namespace {

/// Agglomerative clustering by the definition: all pairs of clusters are compared in each round.
std::vector<Members> clusters_by_definition(std::uint32_t count, const Pairs& pairs, bool complete,
                                            double threshold) {
    std::vector<std::vector<double>> score(count, std::vector<double>(count, -1e9));
    double lowest = 1e9;
    for (const auto& pair : pairs) {
        score[pair.left][pair.right] = score[pair.right][pair.left] = pair.score;
        lowest = std::min<double>(lowest, pair.score);
    }
    std::vector<Members> clusters;
    for (std::uint32_t i = 0; i < count; ++i)
        clusters.push_back({i});
    while (true) {
        double best = threshold;
        std::pair<std::size_t, std::size_t> at{0, 0};
        for (std::size_t a = 0; a < clusters.size(); ++a) {
            for (std::size_t b = a + 1; b < clusters.size(); ++b) {
                double least = 1e9;
                double sum = 0;
                for (const auto x : clusters[a]) {
                    for (const auto y : clusters[b]) {
                        least = std::min(least, score[x][y]);
                        sum += std::max(score[x][y], lowest);
                    }
                }
                const auto size = clusters[a].size() * clusters[b].size();
                const double likeness = complete ? least : sum / static_cast<double>(size);
                const bool first = at.second == 0 && likeness >= best;
                if (first || likeness > best) {
                    best = likeness;
                    at = {a, b};
                }
            }
        }
        if (at.second == 0) break;
        auto& kept = clusters[at.first];
        kept.insert(kept.end(), clusters[at.second].begin(), clusters[at.second].end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(at.second));
    }
    for (auto& cluster : clusters)
        std::sort(cluster.begin(), cluster.end());
    std::erase_if(clusters, [](const Members& cluster) { return cluster.size() < 2; });
    std::sort(clusters.begin(), clusters.end());
    return clusters;
}

}  // namespace

TEST_CASE("linkages cluster as their definitions do") {
    SplitMix64 random(9);
    for (int round = 0; round < 30; ++round) {
        constexpr std::uint32_t kItems = 24;
        Pairs pairs;
        for (std::uint32_t a = 0; a < kItems; ++a) {
            for (std::uint32_t b = a + 1; b < kItems; ++b) {
                // Different scores, so that ties play no part.
                const auto score = static_cast<float>(random.below(1'000'000)) / 1'000'000.0F;
                if (random.below(3) > 0) pairs.push_back({a, b, score});
            }
        }
        CAPTURE(round);
        CHECK(members(group_items(pairs, {.linkage = Linkage::kComplete, .threshold = .4F})) ==
              clusters_by_definition(kItems, pairs, true, .4F));
        CHECK(members(group_items(pairs, {.linkage = Linkage::kAverage, .threshold = .55F})) ==
              clusters_by_definition(kItems, pairs, false, .55F));
    }
}
