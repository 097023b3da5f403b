/// Agreement and conflict of model numbers: tokens with digits, punctuation removed. shared: size
/// of the intersection of both texts (log1p). rarest: the highest inverse document frequency in it.
/// in_item, in_query: fraction, by length, of the model numbers in the query's (item's) title that
/// occur anywhere in the other's text, punctuation and blanks removed. longest: length of the
/// longest that occurs so, either way. title: a title's number occurs in the other title. conflict:
/// both titles have some, but none occurs in the other. prefix, suffix: the longest common prefix
/// or suffix of two numbers of the titles, as a fraction of the longer one.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"

namespace pmatch {
namespace {

constexpr float kLongestCounted = 12;

struct Held {
    float share = 0;
    std::size_t longest = 0;
    float lacking = 0;  ///< the highest IDF of those that do not occur
};

Held held_by(const std::vector<ModelNumber>& models, const std::vector<ModelNumber>& others,
             const std::string& compact_text) {
    Held result;
    float all = 0;
    float held = 0;
    for (const auto& model : models) {
        const auto length = static_cast<float>(model.written.size());
        const bool listed = std::any_of(others.begin(), others.end(), [&](const auto& other) {
            return other.written == model.written;
        });
        const bool inside = model.written.size() >= kShortestInside &&
                            compact_text.find(model.written) != std::string::npos;
        all += length;
        if (listed || inside) {
            held += length;
            result.longest = std::max(result.longest, model.written.size());
        } else {
            result.lacking = std::max(result.lacking, model.idf);
        }
    }
    if (all > 0) result.share = held / all;
    return result;
}

/// The longest common prefix or suffix of two numbers, as a fraction of the longer one.
float best_common(const std::vector<ModelNumber>& queries, const std::vector<ModelNumber>& items,
                  std::size_t (*common)(std::string_view, std::string_view)) {
    float best = 0;
    for (const auto& query : queries) {
        for (const auto& item : items) {
            const auto same = common(query.written, item.written);
            const auto longer = std::max(query.written.size(), item.written.size());
            if (same >= kFewestCommon)
                best = std::max(best, static_cast<float>(same) / static_cast<float>(longer));
        }
    }
    return best;
}

struct ModelNumbers {
    const MatchRecord& query;
    const MatchRecord& item;
    float shared = 0;
    float rarest = 0;
    Held in_item{};   ///< the query title's numbers in the item's text
    Held in_query{};  ///< vice versa
    Held titles{};    ///< in the other title only

    float longest() const {
        return static_cast<float>(std::max(in_item.longest, in_query.longest));
    }
    bool both_have_some() const {
        return !query.title_models.empty() && !item.title_models.empty();
    }
};

ModelNumbers model_numbers_of(const MatchRecord& query, const MatchRecord& item) {
    ModelNumbers result{query, item};
    for (auto q = query.models.begin(), i = item.models.begin();
         q != query.models.end() && i != item.models.end();) {
        const int order = q->written.compare(i->written);
        if (order == 0) {
            ++result.shared;
            result.rarest = std::max(result.rarest, q->idf);
        }
        if (order <= 0) ++q;
        if (order >= 0) ++i;
    }
    result.in_item = held_by(query.title_models, item.models, item.compact_text);
    result.in_query = held_by(item.title_models, query.models, query.compact_text);
    result.titles = held_by(query.title_models, item.title_models, item.compact_title);
    return result;
}

constexpr std::array kFeatures{
    Feature<ModelNumbers>{"models.shared",
                          [](const ModelNumbers& m) { return std::log1p(m.shared); }},
    Feature<ModelNumbers>{"models.rarest", [](const ModelNumbers& m) { return m.rarest; }},
    Feature<ModelNumbers>{"models.in_item", [](const ModelNumbers& m) { return m.in_item.share; }},
    Feature<ModelNumbers>{"models.in_query",
                          [](const ModelNumbers& m) { return m.in_query.share; }},
    Feature<ModelNumbers>{
        "models.longest",
        [](const ModelNumbers& m) { return std::min(m.longest(), kLongestCounted); }},
    Feature<ModelNumbers>{"models.title",
                          [](const ModelNumbers& m) { return m.titles.longest > 0 ? 1.0F : 0.0F; }},
    Feature<ModelNumbers>{
        "models.conflict",
        [](const ModelNumbers& m) { return m.both_have_some() && m.longest() == 0 ? 1.0F : 0.0F; }},
    Feature<ModelNumbers>{"models.prefix",
                          [](const ModelNumbers& m) {
                              return best_common(m.query.title_models, m.item.title_models,
                                                 common_begin);
                          }},
    Feature<ModelNumbers>{"models.suffix",
                          [](const ModelNumbers& m) {
                              return best_common(m.query.title_models, m.item.title_models,
                                                 common_end);
                          }},
    Feature<ModelNumbers>{"models.lacking.query",
                          [](const ModelNumbers& m) { return m.in_item.lacking; }},
    Feature<ModelNumbers>{"models.lacking.item",
                          [](const ModelNumbers& m) { return m.in_query.lacking; }},
};

}  // namespace

FeatureFamily model_number_features() {
    return family_of<kFeatures, model_numbers_of>();
}

}  // namespace pmatch
