/// Prices, whatever their currency. both: query and item have one. ratio: the smaller over the
/// larger; near: more than .95; apart: |ln(query / item)|, 3 at most. All 0 without both.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/match_features.hpp"

namespace pmatch {
namespace {

constexpr std::array<std::string_view, 4> kNames{"price.both", "price.ratio", "price.near",
                                                 "price.apart"};

void fill(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    std::fill(values.begin(), values.end(), 0.0F);
    if (query.price <= 0 || item.price <= 0) return;
    const double ratio = std::min(query.price, item.price) / std::max(query.price, item.price);
    values[0] = 1;
    values[1] = static_cast<float>(ratio);
    values[2] = ratio > 0.95 ? 1 : 0;
    values[3] = static_cast<float>(std::min(3.0, -std::log(ratio)));
}

}  // namespace

FeatureFamily price_features() {
    return {kNames, fill};
}

}  // namespace pmatch
