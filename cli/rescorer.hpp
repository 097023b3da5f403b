/// Scores a query's candidates with the model of a preset: reads the items, cuts them, weighs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/feature_file.hpp"
#include "cli/job.hpp"
#include "cli/query_feed.hpp"
#include "core/match_record.hpp"
#include "core/matcher.hpp"
#include "core/recipe.hpp"
#include "data/collection.hpp"
#include "data/items.hpp"

namespace pmatch::cli {

class Rescorer {
public:
    /// Counts the words of the catalog, of at most some ten thousand items. `features`: who gets
    /// the features of all candidates; nullptr = nobody.
    Rescorer(const Collection& collection, const Items& items, const Recipe& recipe,
             FeatureSink* features, Context& context);
    ~Rescorer();

    /// Replaces the scores of each query's candidates, from whose parts the lists are read, and
    /// drops those that no list has among its best `depth`. Orders are not changed.
    void score(std::span<const Query* const> queries, std::span<std::vector<RankedItem>*> pools,
               int depth);

private:
    MatchText text_of(std::int64_t row) const;
    MatchText text_of(const Query& query) const;
    void load(std::span<std::vector<RankedItem>*> pools);

    const Items& items_;
    const MatcherModel& model_;
    Matcher matcher_;
    FeatureSink* features_;
    Context& context_;
    std::vector<std::string> text_columns_;
    std::string title_column_;
    std::string price_column_;
    std::string mpn_column_;
    std::string brand_column_;
    TermCounts counts_;
    std::unordered_map<std::int64_t, MatchRecord> records_;  ///< of the items met so far
};

}  // namespace pmatch::cli
