/// The columns that name a product: its maker's number and its brand, without case and
/// punctuation. equal; differ (brands: no word in common); part: the numbers differ, and one begins
/// with the other. mpn.in_title.query: the item's number stands in the query's title, .item the
/// other way round; brand.in_title: either's brand in the other's title. All 0 where one lacks it.
#include <algorithm>
#include <array>

#include "core/match_features.hpp"
#include "core/match_tokens.hpp"

namespace pmatch {
namespace {

constexpr std::array<std::string_view, 8> kNames{
    "mpn.equal",         "mpn.differ",  "mpn.part",     "mpn.in_title.query",
    "mpn.in_title.item", "brand.equal", "brand.differ", "brand.in_title"};

bool holds(const std::string& title, const std::string& name, std::size_t shortest) {
    return name.size() >= shortest && title.find(name) != std::string::npos;
}

bool begins(const std::string& name, const std::string& begin) {
    return begin.size() >= kFewestCommon && name.starts_with(begin);
}

bool share_a_word(const MatchRecord& query, const MatchRecord& item) {
    return std::any_of(query.brand_words.begin(), query.brand_words.end(), [&](auto word) {
        return std::binary_search(item.brand_words.begin(), item.brand_words.end(), word);
    });
}

void fill(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    std::fill(values.begin(), values.end(), 0.0F);
    if (!query.mpn.empty() && !item.mpn.empty()) {
        const bool equal = query.mpn == item.mpn;
        const bool part = begins(query.mpn, item.mpn) || begins(item.mpn, query.mpn);
        values[equal ? 0 : 1] = 1;
        if (!equal && part) values[2] = 1;
    }
    values[3] = holds(query.compact_title, item.mpn, kShortestInside) ? 1 : 0;
    values[4] = holds(item.compact_title, query.mpn, kShortestInside) ? 1 : 0;
    if (!query.brand.empty() && !item.brand.empty()) {
        if (query.brand == item.brand)
            values[5] = 1;
        else if (!share_a_word(query, item))
            values[6] = 1;
    }
    values[7] =
        holds(query.compact_title, item.brand, 1) || holds(item.compact_title, query.brand, 1) ? 1
                                                                                               : 0;
}

}  // namespace

FeatureFamily identity_features() {
    return {kNames, fill};
}

}  // namespace pmatch
