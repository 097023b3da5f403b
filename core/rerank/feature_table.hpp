/// Internal to core: features as a table of names and functions, which keeps both in the same
/// order.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "core/rerank/pair_features.hpp"

namespace pmatch {

/// One feature, computed from facts about a pair.
template <typename Facts>
struct Feature {
    std::string_view name;
    float (*value)(const Facts&);
};

template <typename Facts, std::size_t kCount>
constexpr std::array<std::string_view, kCount> names_of(
    const std::array<Feature<Facts>, kCount>& features) {
    std::array<std::string_view, kCount> names;
    for (std::size_t i = 0; i < kCount; ++i)
        names[i] = features[i].name;
    return names;
}

/// In the order of names_of().
template <typename Facts, std::size_t kCount>
void put_values(const std::array<Feature<Facts>, kCount>& features, const Facts& facts,
                std::span<float> values) {
    for (std::size_t i = 0; i < kCount; ++i)
        values[i] = features[i].value(facts);
}

/// `kFacts` computes the facts for a query and an item.
template <const auto& kFeatures, auto kFacts>
FeatureFamily family_of() {
    static constexpr auto kNames = names_of(kFeatures);
    return {kNames, [](const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
                put_values(kFeatures, kFacts(query, item), values);
            }};
}

}  // namespace pmatch
