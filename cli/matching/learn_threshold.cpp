#include "cli/matching/learn_threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kFewestTruePairs = 20;

/// The sampled left items and their true right items, by number.
struct Sample {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> right_of;
    std::size_t true_pairs = 0;
};

Sample resolve(const Truth& truth, const ItemNumbering& left, const ItemNumbering& right) {
    Sample sample;
    for (const auto& [query, items] : truth) {
        const auto number = left.find(query);
        if (!number) continue;
        auto& found = sample.right_of[*number];
        for (const auto& [item, grade] : items) {
            if (grade <= 0) continue;
            ++sample.true_pairs;
            if (const auto other = right.find(item)) found.push_back(*other);
        }
    }
    return sample;
}

}  // namespace

LearnedThreshold learn_threshold(std::span<const ScoredPair> chosen, const ItemNumbering& left,
                                 const ItemNumbering& right, const Truth& truth,
                                 const SampleOptions& options) {
    const auto sample = resolve(truth, left, right);
    if (sample.true_pairs < kFewestTruePairs) {
        throw Error{fmt::format("the sample has {} true pairs of {} items that are matched, "
                                "fewer than the {} that a threshold can be learned from",
                                sample.true_pairs, sample.right_of.size(), kFewestTruePairs),
                    options.truth.string(),
                    "label more pairs, name its columns with --truth-columns QUERY,ITEM, or give "
                    "--threshold S"};
    }
    std::vector<JudgedPair> judged;
    for (const auto& pair : chosen) {
        const auto found = sample.right_of.find(pair.left);
        if (found == sample.right_of.end()) continue;
        const auto& items = found->second;
        const bool match = std::find(items.begin(), items.end(), pair.right) != items.end();
        judged.push_back({pair.score, match});
    }
    const auto is_right = [](const JudgedPair& pair) { return pair.match; };
    if (!judged.empty() && std::none_of(judged.begin(), judged.end(), is_right)) {
        throw Error{fmt::format("none of the {} true pairs of the sample is among the pairs that "
                                "were found",
                                sample.true_pairs),
                    options.truth.string(),
                    "name its columns, those of B's items first: --truth-columns QUERY,ITEM; check "
                    "that its ids are those of these catalogs"};
    }
    const auto learned =
        options.precision ? threshold_for_precision(judged, sample.true_pairs, *options.precision)
                          : best_f1_threshold(judged, sample.true_pairs);
    if (learned) return *learned;
    throw Error{options.precision
                    ? fmt::format("no threshold has a precision that is surely {} on the sample",
                                  *options.precision)
                    : "no item of the sample got a pair",
                options.truth.string(),
                options.precision ? "label more pairs, ask for less, or choose a better --preset"
                                  : "check that the sample belongs to this collection"};
}

}  // namespace pmatch
