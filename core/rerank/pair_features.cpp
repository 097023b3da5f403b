#include "core/rerank/pair_features.hpp"

#include <array>

namespace pmatch {
namespace {

std::span<const FeatureFamily> families() {
    static const std::array all{token_overlap_features(), model_number_features(),
                                measure_features(),       price_features(),
                                identifier_features(),    model_number_overlap_features()};
    return all;
}

}  // namespace

const std::vector<std::string>& pair_feature_names() {
    static const auto names = [] {
        std::vector<std::string> all;
        for (const auto& family : families())
            all.insert(all.end(), family.names.begin(), family.names.end());
        return all;
    }();
    return names;
}

void pair_features(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    std::size_t at = 0;
    for (const auto& family : families()) {
        family.fill(query, item, values.subspan(at, family.names.size()));
        at += family.names.size();
    }
}

}  // namespace pmatch
