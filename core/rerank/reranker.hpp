/// Re-ranks the candidates of a query with a linear model.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/ranking/fusion.hpp"
#include "core/ranking/rerank_model.hpp"
#include "core/rerank/linear_model.hpp"
#include "core/rerank/match_record.hpp"

namespace pmatch {

/// Features of a query's candidates, row-major; NaN if the query or the collection lacks the input
/// of a feature.
struct FeatureRows {
    std::size_t width = 0;
    std::vector<float> values;

    std::span<float> row(std::size_t at) { return std::span(values).subspan(at * width, width); }
    std::span<const float> row(std::size_t at) const {
        return std::span(values).subspan(at * width, width);
    }
};

class Reranker {
public:
    /// `lists` are the names of a recipe's lists. Throws Error for a feature that is neither a pair
    /// feature nor a feature of a list.
    Reranker(const RerankModel& model, const std::vector<std::string>& lists);

    /// The features of each list, then pair_feature_names(), then, for some of these, the margin
    /// over the best of the other candidates.
    const std::vector<std::string>& feature_names() const { return names_; }

    /// `candidates` must hold the parts of all lists; items[i] is the record of candidates[i].
    FeatureRows features(const MatchRecord& query, std::span<const RankedItem> candidates,
                         std::span<const MatchRecord* const> items) const;

    /// The model's score of each candidate.
    std::vector<double> scores(const FeatureRows& features) const;

    /// The part of the log odds due to these features; score_by_file() adds the rest.
    std::vector<double> odds(const FeatureRows& features) const;

private:
    void check_known(std::span<const FeatureWeight> features,
                     std::span<const std::string> others) const;

    std::size_t list_count_;
    std::vector<std::string> names_;
    LinearModel alone_;
    LinearModel odds_;
};

/// Features of a score among all queries of a file, for candidates that have `score` set; one row
/// per candidate, query by query. The last feature, "bias", is 1.
const std::vector<std::string>& batch_feature_names();
FeatureRows batch_features(std::span<const std::vector<RankedItem>> queries);

/// Replaces each score by the model's sum over batch_features(), and adds their part of the log
/// odds. Does not reorder: call order_answers().
void score_by_file(const RerankModel& model, std::vector<std::vector<RankedItem>>& queries);

}  // namespace pmatch
