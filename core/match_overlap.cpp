/// Words that query and item share, of their texts, of their titles, and of one's title in the
/// other's text; "idf" weighs a word by its inverse document frequency in the catalog.
/// text/title: jaccard |Q∩I|/|Q∪I|, idf.jaccard the same weighed, idf.query and idf.item the share
/// of the query's, of the item's weight that is shared. *.lacking.*: weight of the title's words
/// that the other text lacks, all and the rarest. title.rare: the rarest shared word's weight.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/match_features.hpp"

namespace pmatch {
namespace {

constexpr std::array<std::string_view, 22> kNames{"text.jaccard",
                                                  "text.idf.jaccard",
                                                  "text.idf.query",
                                                  "text.idf.item",
                                                  "title.jaccard",
                                                  "title.idf.jaccard",
                                                  "title.idf.query",
                                                  "title.idf.item",
                                                  "title_in_text.idf.query",
                                                  "title_in_text.idf.item",
                                                  "title.lacking.query",
                                                  "title.lacking.item",
                                                  "title.lacking.rarest.query",
                                                  "title.lacking.rarest.item",
                                                  "title.rare",
                                                  "text.rare",
                                                  "title.trigrams.jaccard",
                                                  "title.trigrams.query",
                                                  "title.trigrams.item",
                                                  "title.first_word",
                                                  "title.length_ratio",
                                                  "text.length_ratio"};

struct Shared {
    float count = 0;
    float weight = 0;
    float rarest = 0;
    float query_weight = 0;
    float item_weight = 0;
    float lacking_query = 0;  ///< the heaviest of the query's that the item lacks
    float lacking_item = 0;
};

Shared compare(const std::vector<WeighedTerm>& query, const std::vector<WeighedTerm>& item) {
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

void put_both(const Shared& shared, float queries, float items, std::span<float> values) {
    values[0] = share(shared.count, queries + items - shared.count);
    values[1] = share(shared.weight, shared.query_weight + shared.item_weight - shared.weight);
    values[2] = share(shared.weight, shared.query_weight);
    values[3] = share(shared.weight, shared.item_weight);
}

void fill(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    const auto text = compare(query.text, item.text);
    const auto title = compare(query.title, item.title);
    const auto in_item = compare(query.title, item.text);
    const auto in_query = compare(query.text, item.title);
    put_both(text, static_cast<float>(query.text.size()), static_cast<float>(item.text.size()),
             values.first(4));
    put_both(title, static_cast<float>(query.title.size()), static_cast<float>(item.title.size()),
             values.subspan(4, 4));
    values[8] = share(in_item.weight, in_item.query_weight);
    values[9] = share(in_query.weight, in_query.item_weight);
    values[10] = in_item.query_weight - in_item.weight;
    values[11] = in_query.item_weight - in_query.weight;
    values[12] = in_item.lacking_query;
    values[13] = in_query.lacking_item;
    values[14] = title.rarest;
    values[15] = text.rarest;
    std::size_t common = 0;
    for (auto q = query.trigrams.begin(), i = item.trigrams.begin();
         q != query.trigrams.end() && i != item.trigrams.end();) {
        if (*q == *i) {
            ++common;
            ++q;
            ++i;
        } else {
            *q < *i ? ++q : ++i;
        }
    }
    const auto of_query = static_cast<float>(query.trigrams.size());
    const auto of_item = static_cast<float>(item.trigrams.size());
    const auto both = static_cast<float>(common);
    values[16] = share(both, of_query + of_item - both);
    values[17] = share(both, of_query);
    values[18] = share(both, of_item);
    values[19] = query.first_word != 0 && query.first_word == item.first_word ? 1 : 0;
    values[20] = ratio(query.title_length, item.title_length);
    values[21] = ratio(query.text_length, item.text_length);
}

}  // namespace

FeatureFamily overlap_features() {
    return {kNames, fill};
}

}  // namespace pmatch
