/// Features of a candidate's score within a batch of queries. p: softmax of the score over the
/// query's candidates. score, log_p: the score and ln p (at least -12). rank, p.rank: 1 / the
/// query's rank among the queries with this item, by score and by p. share, p.share: the query's
/// fraction of the sum of exp(score), or of p, over these queries. lead, p.lead: margin of score or
/// ln p over the best other query, in -8..8; 8 without another. hubness: mean of the item's five
/// best scores.
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/linear_model.hpp"
#include "core/rerank/reranker.hpp"

namespace pmatch {
namespace {

constexpr double kLeastLog = -12;
constexpr double kMostLead = 8;
constexpr std::size_t kHubs = 5;

struct Cell {
    std::size_t row = 0;  ///< in the feature table
    double score = 0;
    double log_p = 0;
};

/// Rank, share and margin among the values of one item.
struct Standing {
    float rank = 0;
    float share = 0;
    float lead = 0;
};

struct InReturn {
    float score = 0;
    float log_p = 0;
    Standing by_score{};
    Standing by_p{};
    float hubness = 0;
};

constexpr std::string_view kRankName = "return.rank";
constexpr std::array kFeatures{
    Feature<InReturn>{"score", [](const InReturn& r) { return r.score; }},
    Feature<InReturn>{"log_p", [](const InReturn& r) { return r.log_p; }},
    Feature<InReturn>{kRankName, [](const InReturn& r) { return r.by_score.rank; }},
    Feature<InReturn>{"return.share", [](const InReturn& r) { return r.by_score.share; }},
    Feature<InReturn>{"return.lead", [](const InReturn& r) { return r.by_score.lead; }},
    Feature<InReturn>{"return.p.rank", [](const InReturn& r) { return r.by_p.rank; }},
    Feature<InReturn>{"return.p.share", [](const InReturn& r) { return r.by_p.share; }},
    Feature<InReturn>{"return.p.lead", [](const InReturn& r) { return r.by_p.lead; }},
    Feature<InReturn>{"return.hubness", [](const InReturn& r) { return r.hubness; }},
    Feature<InReturn>{"bias", [](const InReturn&) { return 1.0F; }},
};
constexpr auto kNames = names_of(kFeatures);

void compare_column(std::span<const Cell> column, double Cell::*value, Standing InReturn::*standing,
                    std::vector<InReturn>& rows) {
    std::vector<double> values;
    for (const auto& cell : column)
        values.push_back(cell.*value);
    std::sort(values.begin(), values.end(), std::greater<>());
    double sum = 0;
    for (const double one : values)
        sum += std::exp(one - values.front());
    for (const auto& cell : column) {
        const double own = cell.*value;
        const auto above = std::lower_bound(values.begin(), values.end(), own, std::greater<>());
        const auto rank = static_cast<double>(above - values.begin() + 1);
        double lead = kMostLead;
        if (values.size() > 1) lead = own - (own == values[0] ? values[1] : values[0]);
        rows[cell.row].*standing = {static_cast<float>(1 / rank),
                                    static_cast<float>(std::exp(own - values.front()) / sum),
                                    static_cast<float>(std::clamp(lead, -kMostLead, kMostLead))};
    }
}

double hubness(std::span<const Cell> column) {
    std::vector<double> values;
    for (const auto& cell : column)
        values.push_back(cell.score);
    const auto count = std::min(kHubs, values.size());
    std::partial_sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count),
                      values.end(), std::greater<>());
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += values[i];
    return sum / static_cast<double>(count);
}

/// ln of the sum of exp(score).
double log_sum(std::span<const RankedItem> items) {
    double most = items.front().score;
    for (const auto& item : items)
        most = std::max(most, item.score);
    double sum = 0;
    for (const auto& item : items)
        sum += std::exp(item.score - most);
    return most + std::log(sum);
}

}  // namespace

const std::vector<std::string>& batch_feature_names() {
    static const std::vector<std::string> names(kNames.begin(), kNames.end());
    return names;
}

FeatureRows batch_features(std::span<const std::vector<RankedItem>> queries) {
    std::unordered_map<std::int64_t, std::vector<Cell>> columns;
    std::size_t count = 0;
    for (const auto& items : queries) {
        if (items.empty()) continue;
        const double total = log_sum(items);
        for (const auto& item : items)
            columns[item.row].push_back(
                {count++, item.score, std::max(kLeastLog, item.score - total)});
    }
    std::vector<InReturn> facts(count);
    for (const auto& [item, column] : columns) {
        const auto hubs = static_cast<float>(hubness(column));
        for (const auto& cell : column) {
            auto& row = facts[cell.row];
            row.score = static_cast<float>(cell.score);
            row.log_p = static_cast<float>(cell.log_p);
            row.hubness = hubs;
        }
        compare_column(column, &Cell::score, &InReturn::by_score, facts);
        compare_column(column, &Cell::log_p, &InReturn::by_p, facts);
    }
    FeatureRows rows{kFeatures.size(), std::vector<float>(count * kFeatures.size())};
    for (std::size_t i = 0; i < count; ++i)
        put_values(kFeatures, facts[i], rows.row(i));
    return rows;
}

void score_by_file(const RerankModel& model, std::vector<std::vector<RankedItem>>& queries) {
    const auto rows = batch_features(queries);
    const LinearModel batch(model.batch, batch_feature_names());
    const LinearModel odds(model.odds, batch_feature_names());
    constexpr auto kRank = static_cast<std::size_t>(
        std::find(kNames.begin(), kNames.end(), kRankName) - kNames.begin());
    std::size_t at = 0;
    for (auto& items : queries) {
        for (auto& item : items) {
            const auto row = rows.row(at++);
            const double before = item.score;
            item.score = batch.of(row);
            item.odds += odds.of(row);
            item.return_rank = static_cast<int>(std::lround(1 / row[kRank]));
            item.return_part = item.score - before;
        }
    }
}

}  // namespace pmatch
