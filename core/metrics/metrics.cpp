#include "core/metrics/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// What an item of this grade adds at `index` (from 0).
double discounted(double grade, std::size_t index) {
    return grade / std::log2(static_cast<double>(index) + 2);
}

/// A query's true items; an item that the truth lists twice counts once, with its best grade.
struct Grades {
    std::unordered_map<std::string, double> of;

    explicit Grades(const std::vector<TruthItem>& items) {
        for (const auto& [item, grade] : items) {
            if (!(grade > 0)) continue;
            auto& best = of[item];
            best = std::max(best, grade);
        }
    }

    std::vector<double> best_first() const {
        std::vector<double> grades;
        grades.reserve(of.size());
        for (const auto& entry : of)
            grades.push_back(entry.second);
        std::sort(grades.begin(), grades.end(), std::greater<>());
        return grades;
    }
};

/// Grade by index from 0; 0 where the answer is wrong.
std::vector<double> gains(const Grades& grades, const RankedList& answers) {
    std::vector<double> gains;
    gains.reserve(answers.size());
    for (const auto& answer : answers) {
        const auto found = grades.of.find(answer.item);
        gains.push_back(found == grades.of.end() ? 0 : found->second);
    }
    return gains;
}

double dcg(const std::vector<double>& gains, std::size_t depth) {
    double sum = 0;
    for (std::size_t i = 0; i < std::min(depth, gains.size()); ++i)
        sum += discounted(gains[i], i);
    return sum;
}

/// One query's numbers, in the order of ScoreTable::columns().
class Row {
public:
    Row(const Grades& grades, const RankedList& answers)
        : all_(grades.of.size()), ideal_(grades.best_first()), gains_(gains(grades, answers)) {
        for (std::size_t i = 0; i < gains_.size(); ++i) {
            if (gains_[i] > 0) true_at_.push_back(i);
        }
    }

    std::vector<double> values(const ScoreColumns& columns) const {
        const auto all = static_cast<double>(all_);
        std::vector<double> row{all_ > 0 ? 1.0 : 0.0, all};
        for (const int k : columns.at)
            row.push_back(found(k) > 0 ? 1 : 0);
        for (const int k : columns.at)
            row.push_back(share(found(k), all));
        for (const int k : columns.at)
            row.push_back(found(k));
        for (const int k : columns.at)
            row.push_back(found(k) / k);
        for (const int k : ndcg_ranks(columns.at)) {
            const auto depth = static_cast<std::size_t>(k);
            row.push_back(share(dcg(gains_, depth), dcg(ideal_, depth)));
        }
        row.push_back(true_at_.empty() ? 0 : 1 / static_cast<double>(true_at_.front() + 1));
        row.push_back(share(precisions(gains_.size()), all));
        row.push_back(share(precisions(all_), all));
        row.push_back(share(found(all_), all));
        return row;
    }

private:
    static double share(double part, double of) { return of > 0 ? part / of : 0; }

    template <class Rank>
    double found(Rank depth) const {
        const auto end =
            std::lower_bound(true_at_.begin(), true_at_.end(), static_cast<std::size_t>(depth));
        return static_cast<double>(end - true_at_.begin());
    }

    /// Sum of the precision at each true item among the first `depth` answers.
    double precisions(std::size_t depth) const {
        double sum = 0;
        for (std::size_t i = 0; i < true_at_.size() && true_at_[i] < depth; ++i) {
            sum += static_cast<double>(i + 1) / static_cast<double>(true_at_[i] + 1);
        }
        return sum;
    }

    std::size_t all_;
    std::vector<double> ideal_;
    std::vector<double> gains_;
    std::vector<std::size_t> true_at_;  ///< indexes from 0
};

void add_threshold(std::vector<double>& row, double threshold, const Grades& grades,
                   const RankedList& answers) {
    double predicted = 0;
    double both = 0;
    for (const auto& answer : answers) {
        // As floats: 0.7 as a score is a little less than 0.7 as a double.
        if (!(answer.score >= static_cast<float>(threshold))) continue;
        ++predicted;
        if (grades.of.contains(answer.item)) ++both;
    }
    row.push_back(predicted);
    row.push_back(both);
}

const ScoreColumns& checked(const ScoreColumns& columns) {
    for (const int k : columns.at) {
        if (k < 1) {
            throw UsageError{fmt::format("--at has {}, but ranks start at 1", k),
                             "use whole numbers from 1, as in --at 1,5,10"};
        }
    }
    return columns;
}

void check_items_are_there_once(const QueryAnswers& query) {
    std::unordered_set<std::string_view> items;
    for (const auto& answer : query.answers) {
        if (items.insert(answer.item).second) continue;
        throw Error{fmt::format("the query '{}' has the item '{}' twice among its answers",
                                query.query, answer.item),
                    {},
                    "keep the best answer of each item"};
    }
}

}  // namespace

Scorer::Scorer(const Truth& truth, ScoreColumns columns)
    : truth_(truth), columns_(std::move(columns)), table_(checked(columns_)) {}

void Scorer::add(const QueryAnswers& query) {
    if (!seen_.insert(query.query).second) {
        throw Error{fmt::format("the query '{}' was answered twice", query.query),
                    {},
                    "give every query an id of its own"};
    }
    check_items_are_there_once(query);
    ++counts_.queries;
    if (query.failed) ++counts_.failed;
    const auto found = truth_.find(query.query);
    const Grades grades(found == truth_.end() ? std::vector<TruthItem>{} : found->second);
    if (grades.of.empty()) {
        ++counts_.without_truth;
        if (!columns_.threshold) return;
    } else {
        ++counts_.scored;
    }
    const RankedList nothing;
    const RankedList& answers = query.failed ? nothing : query.answers;
    auto row = Row(grades, answers).values(columns_);
    if (columns_.threshold) add_threshold(row, *columns_.threshold, grades, answers);
    table_.add(query.query, row);
}

Metrics Scorer::result() const {
    Metrics metrics = counts_;
    for (const auto& [query, items] : truth_) {
        if (!seen_.contains(query)) ++metrics.truth_without_query;
    }
    const auto values = table_.values(table_.all());
    for (std::size_t i = 0; i < values.size(); ++i) {
        metrics.values.emplace_back(table_.metrics()[i].name, values[i]);
    }
    return metrics;
}

}  // namespace pmatch
