/// Trains the matcher's odds, i.e. whether any candidate is good enough, on labels.
#include <algorithm>
#include <limits>

#include "cli/tuning/rerank_fit.hpp"
#include "cli/tuning/reranker_fit.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kNearest = 5;  ///< training candidates per query, besides all true ones
constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();

/// The training candidates, "none of them" last: its features are missing, so its score is 0.
struct TrainingExample {
    std::vector<float> rows;
    std::vector<char> right;

    void add(std::span<const float> of_pair, std::span<const float> of_file, bool is_right) {
        rows.insert(rows.end(), of_pair.begin(), of_pair.end());
        rows.insert(rows.end(), of_file.begin(), of_file.end());
        right.push_back(is_right ? 1 : 0);
    }
};

}  // namespace

void TuneMatcher::adapt_odds(RerankModel& model) const {
    if (!work_.batch || model.odds.empty()) return;
    const auto ranked = kept(model);
    const auto of_file = batch_features(ranked);
    auto names = matcher_.feature_names();
    const std::vector<float> absent(names.size() + of_file.width, kAbsent);
    names.insert(names.end(), batch_feature_names().begin(), batch_feature_names().end());
    std::vector<TrainingExample> lessons(ranked.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        const auto& pool = pools_[i];
        for (std::size_t place = 0; place < ranked[i].size(); ++place, ++at) {
            const auto row = ranked[i][place].row;
            const bool right = true_rows_[i].contains(row);
            if (place >= kNearest && !right) continue;
            const auto own = std::find(pool.rows.begin(), pool.rows.end(), row);
            const auto number = static_cast<std::size_t>(own - pool.rows.begin());
            lessons[i].add(pool.features.row(number), of_file.row(at), right);
        }
        const auto& label = work_.queries.label_of[i];
        const bool none = label && work_.queries.labelled.has_item[*label] == 0;
        lessons[i].add(absent, {}, none);
    }
    FitData data{names.size(), fit_features(model.odds, names), {}};
    for (const auto& lesson : lessons)
        data.queries.push_back({lesson.rows, lesson.right});
    const auto prior = prior_of(data, model.odds);
    data.queries.clear();
    for (const auto query : work_.queries.asked_of)
        data.queries.push_back({lessons[query].rows, lessons[query].right});
    set_weights(model.odds, fit_listwise(data, weights_of(model.odds), prior));
}

}  // namespace pmatch
