/// Common words of query and item: of both texts, of both titles, and of one's title in the other's
/// text; "idf" weights words by inverse document frequency in the catalog. text/title: jaccard
/// |Q∩I|/|Q∪I|, idf.jaccard weighted, idf.query and idf.item the fraction of the query's or item's
/// weight that is shared. *.lacking.*: weight of the title's words missing in the other text, total
/// and maximum. title.rare: the maximum weight of a shared word.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"

namespace pmatch {
namespace {

struct Shared {
    float count = 0;
    float weight = 0;
    float rarest = 0;
    float query_weight = 0;
    float item_weight = 0;
    float lacking_query = 0;  ///< maximum weight of the query's words missing in the item
    float lacking_item = 0;
};

Shared compare(const std::vector<TermIdf>& query, const std::vector<TermIdf>& item) {
    Shared result;
    auto q = query.begin();
    auto i = item.begin();
    while (q != query.end() || i != item.end()) {
        if (i == item.end() || (q != query.end() && q->hash < i->hash)) {
            result.query_weight += q->idf;
            result.lacking_query = std::max(result.lacking_query, q->idf);
            ++q;
        } else if (q == query.end() || i->hash < q->hash) {
            result.item_weight += i->idf;
            result.lacking_item = std::max(result.lacking_item, i->idf);
            ++i;
        } else {
            ++result.count;
            result.weight += q->idf;
            result.query_weight += q->idf;
            result.item_weight += q->idf;
            result.rarest = std::max(result.rarest, q->idf);
            ++q;
            ++i;
        }
    }
    return result;
}

float share(float part, float whole) {
    return whole > 0 ? part / whole : 0;
}

float ratio(float a, float b) {
    return std::max(a, b) > 0 ? std::min(a, b) / std::max(a, b) : 0;
}

float size_of(const auto& list) {
    return static_cast<float>(list.size());
}

struct Overlap {
    const MatchRecord& query;
    const MatchRecord& item;
    Shared text;
    Shared title;
    Shared in_item;   ///< the query's title in the item's text
    Shared in_query;  ///< the item's title in the query's text
    float trigrams;   ///< common to both titles
};

Overlap overlap_of(const MatchRecord& query, const MatchRecord& item) {
    return {query,
            item,
            compare(query.text, item.text),
            compare(query.title, item.title),
            compare(query.title, item.text),
            compare(query.text, item.title),
            common(query.trigrams, item.trigrams)};
}

/// For counts or weights; `both` is included in each.
float jaccard(float both, float query, float item) {
    return share(both, query + item - both);
}

constexpr std::array kFeatures{
    Feature<Overlap>{"text.jaccard",
                     [](const Overlap& o) {
                         return jaccard(o.text.count, size_of(o.query.text), size_of(o.item.text));
                     }},
    Feature<Overlap>{"text.idf.jaccard",
                     [](const Overlap& o) {
                         return jaccard(o.text.weight, o.text.query_weight, o.text.item_weight);
                     }},
    Feature<Overlap>{"text.idf.query",
                     [](const Overlap& o) { return share(o.text.weight, o.text.query_weight); }},
    Feature<Overlap>{"text.idf.item",
                     [](const Overlap& o) { return share(o.text.weight, o.text.item_weight); }},
    Feature<Overlap>{"title.jaccard",
                     [](const Overlap& o) {
                         return jaccard(o.title.count, size_of(o.query.title),
                                        size_of(o.item.title));
                     }},
    Feature<Overlap>{"title.idf.jaccard",
                     [](const Overlap& o) {
                         return jaccard(o.title.weight, o.title.query_weight, o.title.item_weight);
                     }},
    Feature<Overlap>{"title.idf.query",
                     [](const Overlap& o) { return share(o.title.weight, o.title.query_weight); }},
    Feature<Overlap>{"title.idf.item",
                     [](const Overlap& o) { return share(o.title.weight, o.title.item_weight); }},
    Feature<Overlap>{
        "title_in_text.idf.query",
        [](const Overlap& o) { return share(o.in_item.weight, o.in_item.query_weight); }},
    Feature<Overlap>{
        "title_in_text.idf.item",
        [](const Overlap& o) { return share(o.in_query.weight, o.in_query.item_weight); }},
    Feature<Overlap>{"title.lacking.query",
                     [](const Overlap& o) { return o.in_item.query_weight - o.in_item.weight; }},
    Feature<Overlap>{"title.lacking.item",
                     [](const Overlap& o) { return o.in_query.item_weight - o.in_query.weight; }},
    Feature<Overlap>{"title.lacking.rarest.query",
                     [](const Overlap& o) { return o.in_item.lacking_query; }},
    Feature<Overlap>{"title.lacking.rarest.item",
                     [](const Overlap& o) { return o.in_query.lacking_item; }},
    Feature<Overlap>{"title.rare", [](const Overlap& o) { return o.title.rarest; }},
    Feature<Overlap>{"text.rare", [](const Overlap& o) { return o.text.rarest; }},
    Feature<Overlap>{"title.trigrams.jaccard",
                     [](const Overlap& o) {
                         return jaccard(o.trigrams, size_of(o.query.trigrams),
                                        size_of(o.item.trigrams));
                     }},
    Feature<Overlap>{"title.trigrams.query",
                     [](const Overlap& o) { return share(o.trigrams, size_of(o.query.trigrams)); }},
    Feature<Overlap>{"title.trigrams.item",
                     [](const Overlap& o) { return share(o.trigrams, size_of(o.item.trigrams)); }},
    Feature<Overlap>{"title.first_word",
                     [](const Overlap& o) {
                         return o.query.first_word != 0 && o.query.first_word == o.item.first_word
                                    ? 1.0F
                                    : 0.0F;
                     }},
    Feature<Overlap>{
        "title.length_ratio",
        [](const Overlap& o) { return ratio(o.query.title_length, o.item.title_length); }},
    Feature<Overlap>{
        "text.length_ratio",
        [](const Overlap& o) { return ratio(o.query.text_length, o.item.text_length); }},
};

}  // namespace

FeatureFamily token_overlap_features() {
    return family_of<kFeatures, overlap_of>();
}

}  // namespace pmatch
