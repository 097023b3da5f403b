#include "core/rerank/reranker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/common/error.hpp"
#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"

namespace pmatch {
namespace {

constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();

/// Features of each list: the score; the score min-max normalised within the list; 1 / rank, 0 if
/// not ranked; the margin over the best other score, as a fraction of the list's best.
struct InList {
    float raw;
    float minmax;
    float rank;
    float lead;
};
constexpr std::array kListFeatures{
    Feature<InList>{"raw", [](const InList& l) { return l.raw; }},
    Feature<InList>{"minmax", [](const InList& l) { return l.minmax; }},
    Feature<InList>{"rank", [](const InList& l) { return l.rank; }},
    Feature<InList>{"lead", [](const InList& l) { return l.lead; }},
};

/// Pair features for which the margin over the best other candidate is a feature, too.
constexpr std::array<std::string_view, 8> kCompared{
    "text.idf.jaccard",       "title.idf.jaccard",      "title_in_text.idf.query",
    "title_in_text.idf.item", "title.trigrams.jaccard", "models.rarest",
    "models.in_item",         "models.in_query"};

struct BestTwo {
    float best = -std::numeric_limits<float>::infinity();
    float next = -std::numeric_limits<float>::infinity();

    void add(float value) {
        next = std::max(next, std::min(best, value));
        best = std::max(best, value);
    }
    /// Margin over the best of the others.
    float lead(float value) const {
        const float other = value == best ? next : best;
        return std::isinf(other) ? 0 : value - other;
    }
};

void fill_list(std::size_t list, std::span<const RankedItem> candidates, FeatureRows& rows) {
    const std::size_t first = list * kListFeatures.size();
    float least = std::numeric_limits<float>::infinity();
    BestTwo best;
    for (const auto& item : candidates) {
        const auto& part = item.parts[list];
        if (!part.present) continue;
        least = std::min(least, part.raw);
        best.add(part.raw);
    }
    if (std::isinf(least)) {
        for (std::size_t i = 0; i < candidates.size(); ++i)
            std::fill_n(rows.row(i).begin() + static_cast<std::ptrdiff_t>(first),
                        kListFeatures.size(), kAbsent);
        return;
    }
    const float range = best.best - least;
    const float unit = std::max(std::abs(best.best), 1e-6F);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& part = candidates[i].parts[list];
        const float raw = part.present ? part.raw : least;
        const InList facts{raw, range > 0 ? (raw - least) / range : (part.present ? 1.0F : 0.0F),
                           part.present ? 1.0F / static_cast<float>(part.rank) : 0,
                           best.lead(raw) / unit};
        put_values(kListFeatures, facts, rows.row(i).subspan(first, kListFeatures.size()));
    }
}

std::size_t place_of(const std::vector<std::string>& names, std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::vector<double> sums(const LinearModel& model, const FeatureRows& features) {
    const std::size_t count = features.width == 0 ? 0 : features.values.size() / features.width;
    std::vector<double> result(count);
    for (std::size_t i = 0; i < count; ++i)
        result[i] = model.of(features.row(i));
    return result;
}

}  // namespace

Reranker::Reranker(const RerankModel& model, const std::vector<std::string>& lists)
    : list_count_(lists.size()) {
    for (const auto& list : lists) {
        for (const auto& feature : kListFeatures)
            names_.push_back(fmt::format("list.{}.{}", list, feature.name));
    }
    const auto& pairs = pair_feature_names();
    names_.insert(names_.end(), pairs.begin(), pairs.end());
    for (const auto& compared : kCompared)
        names_.push_back(fmt::format("{}.lead", compared));
    check_known(model.alone, {});
    check_known(model.odds, batch_feature_names());
    alone_ = LinearModel(model.alone, names_);
    odds_ = LinearModel(model.odds, names_);
}

/// Features of lists that are not in the recipe are accepted.
void Reranker::check_known(std::span<const FeatureWeight> features,
                           std::span<const std::string> others) const {
    for (const auto& feature : features) {
        const auto is_among = [&](std::span<const std::string> names) {
            return std::find(names.begin(), names.end(), feature.name) != names.end();
        };
        if (feature.name.starts_with("list.") || is_among(names_) || is_among(others)) continue;
        throw Error{fmt::format("there is no feature '{}'", feature.name), "",
                    "train the model with this version, or take the preset 'matcher'"};
    }
}

FeatureRows Reranker::features(const MatchRecord& query, std::span<const RankedItem> candidates,
                               std::span<const MatchRecord* const> items) const {
    FeatureRows rows{names_.size(), std::vector<float>(names_.size() * candidates.size())};
    for (std::size_t list = 0; list < list_count_; ++list)
        fill_list(list, candidates, rows);
    const auto& pairs = pair_feature_names();
    const std::size_t first = list_count_ * kListFeatures.size();
    for (std::size_t i = 0; i < candidates.size(); ++i)
        pair_features(query, *items[i], rows.row(i).subspan(first, pairs.size()));
    for (std::size_t c = 0; c < kCompared.size(); ++c) {
        static const auto places = [&] {
            std::array<std::size_t, kCompared.size()> found{};
            for (std::size_t n = 0; n < found.size(); ++n)
                found[n] = place_of(pairs, kCompared[n]);
            return found;
        }();
        BestTwo best;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            best.add(rows.row(i)[first + places[c]]);
        for (std::size_t i = 0; i < candidates.size(); ++i)
            rows.row(i)[first + pairs.size() + c] = best.lead(rows.row(i)[first + places[c]]);
    }
    return rows;
}

std::vector<double> Reranker::scores(const FeatureRows& features) const {
    return sums(alone_, features);
}

std::vector<double> Reranker::odds(const FeatureRows& features) const {
    return sums(odds_, features);
}

}  // namespace pmatch
