/// Numbers, with and without units, and colours. agree: size of the intersection (log1p). conflict:
/// for units, the fraction of units on both sides whose numbers are disjoint; for numbers and
/// colours: both sides have some, but none in common. lacking: how many numbers of one title are
/// missing in the other (log1p).
#include <algorithm>
#include <array>
#include <cmath>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"

namespace pmatch {
namespace {

using Hashes = std::vector<std::uint64_t>;

struct Agreement {
    const MatchRecord& query;
    const MatchRecord& item;
    float units;
    float unit_kinds;
    float numbers;
    float colours;
};

Agreement agreement_of(const MatchRecord& query, const MatchRecord& item) {
    return {query,
            item,
            common(query.units, item.units),
            common(query.unit_kinds, item.unit_kinds),
            common(query.title_numbers, item.title_numbers),
            common(query.colours, item.colours)};
}

float size_of(const Hashes& hashes) {
    return static_cast<float>(hashes.size());
}

float jaccard(float both, const Hashes& query, const Hashes& item) {
    const float sum = size_of(query) + size_of(item);
    return sum > 0 ? both / (sum - both) : 0;
}

/// Both sides have some, but none in common.
float conflict(float both, const Hashes& query, const Hashes& item) {
    return !query.empty() && !item.empty() && both == 0 ? 1 : 0;
}

constexpr std::array kFeatures{
    Feature<Agreement>{"units.agree", [](const Agreement& a) { return std::log1p(a.units); }},
    Feature<Agreement>{"units.conflict",
                       [](const Agreement& a) {
                           return a.unit_kinds > 0
                                      ? std::max(0.0F, a.unit_kinds - a.units) / a.unit_kinds
                                      : 0;
                       }},
    Feature<Agreement>{"numbers.agree", [](const Agreement& a) { return std::log1p(a.numbers); }},
    Feature<Agreement>{"numbers.jaccard",
                       [](const Agreement& a) {
                           return jaccard(a.numbers, a.query.title_numbers, a.item.title_numbers);
                       }},
    Feature<Agreement>{"numbers.conflict",
                       [](const Agreement& a) {
                           return conflict(a.numbers, a.query.title_numbers, a.item.title_numbers);
                       }},
    Feature<Agreement>{
        "numbers.lacking.query",
        [](const Agreement& a) { return std::log1p(size_of(a.query.title_numbers) - a.numbers); }},
    Feature<Agreement>{
        "numbers.lacking.item",
        [](const Agreement& a) { return std::log1p(size_of(a.item.title_numbers) - a.numbers); }},
    Feature<Agreement>{"colours.agree", [](const Agreement& a) { return std::log1p(a.colours); }},
    Feature<Agreement>{
        "colours.conflict",
        [](const Agreement& a) { return conflict(a.colours, a.query.colours, a.item.colours); }},
};

}  // namespace

FeatureFamily measure_features() {
    return family_of<kFeatures, agreement_of>();
}

}  // namespace pmatch
