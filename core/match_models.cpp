/// Agreement and conflict of tokens that may name a model: with digits, punctuation removed.
/// shared: how many stand in both texts (log1p). rarest: the inverse document frequency of the
/// rarest of them. in_item, in_query: the share, by length, of the query's (item's) title's model
/// numbers that the other's text holds anywhere, punctuation and blanks removed. longest: letters
/// of the longest that is held so, either way. title: a title's in the other's title. conflict:
/// both titles have some and none is held. prefix, suffix: the most that two of the titles' have in
/// common from their begin or end, as a share of the longer one.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/match_features.hpp"
#include "core/match_tokens.hpp"

namespace pmatch {
namespace {

constexpr std::array<std::string_view, 11> kNames{
    "models.shared",  "models.rarest",        "models.in_item",     "models.in_query",
    "models.longest", "models.title",         "models.conflict",    "models.prefix",
    "models.suffix",  "models.lacking.query", "models.lacking.item"};

constexpr float kLongestCounted = 12;

struct Held {
    float share = 0;
    std::size_t longest = 0;
    float lacking = 0;  ///< the rarest that is not held
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

/// The longest beginning or end that two have in common, as a share of the longer one.
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

void fill(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    float shared = 0;
    float rarest = 0;
    for (auto q = query.models.begin(), i = item.models.begin();
         q != query.models.end() && i != item.models.end();) {
        const int order = q->written.compare(i->written);
        if (order == 0) {
            ++shared;
            rarest = std::max(rarest, q->idf);
        }
        if (order <= 0) ++q;
        if (order >= 0) ++i;
    }
    const auto in_item = held_by(query.title_models, item.models, item.compact_text);
    const auto in_query = held_by(item.title_models, query.models, query.compact_text);
    const auto titles = held_by(query.title_models, item.title_models, item.compact_title);
    const auto longest = static_cast<float>(std::max(in_item.longest, in_query.longest));
    values[0] = std::log1p(shared);
    values[1] = rarest;
    values[2] = in_item.share;
    values[3] = in_query.share;
    values[4] = std::min(longest, kLongestCounted);
    values[5] = titles.longest > 0 ? 1 : 0;
    const bool both = !query.title_models.empty() && !item.title_models.empty();
    values[6] = both && longest == 0 ? 1 : 0;
    values[7] = best_common(query.title_models, item.title_models, common_begin);
    values[8] = best_common(query.title_models, item.title_models, common_end);
    values[9] = in_item.lacking;
    values[10] = in_query.lacking;
}

}  // namespace

FeatureFamily model_number_features() {
    return {kNames, fill};
}

}  // namespace pmatch
