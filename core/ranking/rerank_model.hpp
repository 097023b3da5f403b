/// A learned re-scorer as data: which columns it reads, and what each feature weighs. What the
/// field `rescore` of a preset says.
#pragma once

#include <string>
#include <vector>

namespace pmatch {

/// value → (value - mean) / scale · weight. A value that is absent adds nothing.
struct FeatureWeight {
    std::string name;
    double mean = 0;
    double scale = 1;
    double weight = 0;

    friend bool operator==(const FeatureWeight&, const FeatureWeight&) = default;
};

struct RerankModel {
    int candidates = 50;  ///< the best of every list are scored
    int kept = 30;        ///< with a whole query file: so many of each query are compared in return
    std::vector<std::string> title;  ///< columns: the first that there is
    std::vector<std::string> price;
    std::vector<std::string> mpn;
    std::vector<std::string> brand;
    std::vector<FeatureWeight> alone;  ///< of a query and an item
    std::vector<FeatureWeight> batch;  ///< of the score so made, among all queries of a file
    /// Of both: the log of the odds that the pair is a match, with a whole query file. Empty: the
    /// model does not say.
    std::vector<FeatureWeight> odds;

    friend bool operator==(const RerankModel&, const RerankModel&) = default;
};

}  // namespace pmatch
