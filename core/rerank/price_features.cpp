/// Prices, ignoring currency. both: query and item have one. ratio: smaller / larger; near: ratio
/// above .95; apart: |ln(query / item)|, at most 3. All 0 unless both have a price.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"

namespace pmatch {
namespace {

struct Prices {
    bool both = false;
    double ratio = 0;  ///< 0 unless both have a price
};

Prices prices_of(const MatchRecord& query, const MatchRecord& item) {
    if (query.price <= 0 || item.price <= 0) return {};
    return {true, std::min(query.price, item.price) / std::max(query.price, item.price)};
}

constexpr std::array kFeatures{
    Feature<Prices>{"price.both", [](const Prices& p) { return p.both ? 1.0F : 0.0F; }},
    Feature<Prices>{"price.ratio", [](const Prices& p) { return static_cast<float>(p.ratio); }},
    Feature<Prices>{"price.near", [](const Prices& p) { return p.ratio > 0.95 ? 1.0F : 0.0F; }},
    Feature<Prices>{"price.apart",
                    [](const Prices& p) {
                        return p.both ? static_cast<float>(std::min(3.0, -std::log(p.ratio))) : 0;
                    }},
};

}  // namespace

FeatureFamily price_features() {
    return family_of<kFeatures, prices_of>();
}

}  // namespace pmatch
