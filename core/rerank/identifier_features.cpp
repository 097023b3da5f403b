/// Manufacturer part number (MPN) and brand, ignoring case and punctuation. equal; differ (brands:
/// no word in common); part: the numbers differ, and one is a prefix of the other.
/// mpn.in_title.query: the item's number occurs in the query's title, .item vice versa;
/// brand.in_title: either brand occurs in the other title. gtin.equal, gtin.differ: trade item
/// numbers with a right check digit. All 0 if either side lacks the value.
#include <algorithm>
#include <array>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"

namespace pmatch {
namespace {

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

struct Identity {
    const MatchRecord& query;
    const MatchRecord& item;
    bool numbers = false;  ///< both have an MPN
    bool brands = false;
    bool trade_numbers = false;

    bool same_number() const { return query.mpn == item.mpn; }
    bool same_brand() const { return query.brand == item.brand; }
    bool same_trade() const { return query.gtin == item.gtin; }
};

Identity identity_of(const MatchRecord& query, const MatchRecord& item) {
    return {query, item, !query.mpn.empty() && !item.mpn.empty(),
            !query.brand.empty() && !item.brand.empty(), !query.gtin.empty() && !item.gtin.empty()};
}

constexpr float one_if(bool holds) {
    return holds ? 1 : 0;
}

constexpr std::array kFeatures{
    Feature<Identity>{"mpn.equal",
                      [](const Identity& i) { return one_if(i.numbers && i.same_number()); }},
    Feature<Identity>{"mpn.differ",
                      [](const Identity& i) { return one_if(i.numbers && !i.same_number()); }},
    Feature<Identity>{"mpn.part",
                      [](const Identity& i) {
                          return one_if(
                              i.numbers && !i.same_number() &&
                              (begins(i.query.mpn, i.item.mpn) || begins(i.item.mpn, i.query.mpn)));
                      }},
    Feature<Identity>{"mpn.in_title.query",
                      [](const Identity& i) {
                          return one_if(holds(i.query.compact_title, i.item.mpn, kShortestInside));
                      }},
    Feature<Identity>{"mpn.in_title.item",
                      [](const Identity& i) {
                          return one_if(holds(i.item.compact_title, i.query.mpn, kShortestInside));
                      }},
    Feature<Identity>{"brand.equal",
                      [](const Identity& i) { return one_if(i.brands && i.same_brand()); }},
    Feature<Identity>{"brand.differ",
                      [](const Identity& i) {
                          return one_if(i.brands && !i.same_brand() &&
                                        !share_a_word(i.query, i.item));
                      }},
    Feature<Identity>{"brand.in_title",
                      [](const Identity& i) {
                          return one_if(holds(i.query.compact_title, i.item.brand, 1) ||
                                        holds(i.item.compact_title, i.query.brand, 1));
                      }},
    Feature<Identity>{"gtin.equal",
                      [](const Identity& i) { return one_if(i.trade_numbers && i.same_trade()); }},
    Feature<Identity>{"gtin.differ",
                      [](const Identity& i) { return one_if(i.trade_numbers && !i.same_trade()); }},
};

}  // namespace

FeatureFamily identifier_features() {
    return family_of<kFeatures, identity_of>();
}

}  // namespace pmatch
