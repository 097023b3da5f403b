/// A linear re-ranking model as data: the columns it reads, and the weight of each feature. The
/// field `rescore` of a preset.
#pragma once

#include <string>
#include <vector>

namespace pmatch {

/// value → (value - mean) / scale · weight. Missing values contribute 0.
struct FeatureWeight {
    std::string name;
    double mean = 0;
    double scale = 1;
    double weight = 0;

    friend bool operator==(const FeatureWeight&, const FeatureWeight&) = default;
};

struct RerankModel {
    int candidates = 50;  ///< the best of every list are re-ranked
    int kept = 30;        ///< in batch mode: number per query that go on to the batch stage
    std::vector<std::string> title;  ///< columns: the first that exists is used
    std::vector<std::string> price;
    std::vector<std::string> mpn;
    std::vector<std::string> brand;
    std::vector<std::string> gtin;
    std::vector<FeatureWeight> alone;  ///< features of a query and an item
    std::vector<FeatureWeight> batch;  ///< of the resulting score in a batch of queries
    /// Over both kinds of features: log odds that the pair is a match, in batch mode. Empty: the
    /// model has none.
    std::vector<FeatureWeight> odds;

    friend bool operator==(const RerankModel&, const RerankModel&) = default;
};

}  // namespace pmatch
