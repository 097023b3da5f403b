#include "core/metrics/rank_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace pmatch {
namespace {

double discounted_sum(const std::vector<double>& gains, std::size_t depth) {
    double sum = 0;
    for (std::size_t i = 0; i < std::min(depth, gains.size()); ++i)
        sum += gains[i] / std::log2(static_cast<double>(i) + 2);
    return sum;
}

double share(double part, double of) {
    return of > 0 ? part / of : 0;
}

double hit(const JudgedList& list, std::size_t depth) {
    return list.found(depth) > 0 ? 1 : 0;
}

double recall(const JudgedList& list, std::size_t depth) {
    return share(list.found(depth), static_cast<double>(list.all_true()));
}

double found(const JudgedList& list, std::size_t depth) {
    return list.found(depth);
}

double precision(const JudgedList& list, std::size_t depth) {
    return list.found(depth) / static_cast<double>(depth);
}

double ndcg(const JudgedList& list, std::size_t depth) {
    return share(list.dcg(depth), list.ideal_dcg(depth));
}

double reciprocal_rank(const JudgedList& list, std::size_t) {
    const auto first = list.first_true();
    return first == list.answers() ? 0 : 1 / static_cast<double>(first + 1);
}

double average_precision(const JudgedList& list, std::size_t) {
    return share(list.precision_sum(list.answers()), static_cast<double>(list.all_true()));
}

double average_precision_at_r(const JudgedList& list, std::size_t) {
    return share(list.precision_sum(list.all_true()), static_cast<double>(list.all_true()));
}

double r_precision(const JudgedList& list, std::size_t) {
    return recall(list, list.all_true());
}

using Ranks = RankMetric::Ranks;

constexpr std::array kMetrics{
    RankMetric{"hit", "hit", Ranks::kAt, false, hit},
    RankMetric{"recall", "recall", Ranks::kAt, false, recall},
    RankMetric{"pair_recall", "found", Ranks::kAt, true, found},
    RankMetric{"precision", "precision", Ranks::kAt, false, precision},
    RankMetric{"ndcg", "ndcg", Ranks::kAtAndTen, false, ndcg},
    RankMetric{"mrr", "mrr", Ranks::kAll, false, reciprocal_rank},
    RankMetric{"map", "map", Ranks::kAll, false, average_precision},
    RankMetric{"map@r", "map@r", Ranks::kAll, false, average_precision_at_r},
    RankMetric{"r_precision", "r_precision", Ranks::kAll, false, r_precision},
};

}  // namespace

std::vector<RankColumn> rank_columns(const std::vector<int>& at) {
    auto with_ten = at;
    if (std::find(at.begin(), at.end(), 10) == at.end()) with_ten.push_back(10);
    std::vector<RankColumn> columns;
    for (const auto& metric : kMetrics) {
        if (metric.ranks == Ranks::kAll) {
            columns.push_back({&metric, 0});
            continue;
        }
        for (const int depth : metric.ranks == Ranks::kAt ? at : with_ten)
            columns.push_back({&metric, depth});
    }
    return columns;
}

std::string RankColumn::named(const char* name) const {
    return metric->ranks == Ranks::kAll ? std::string(name) : fmt::format("{}@{}", name, depth);
}

Grades::Grades(const std::vector<TruthItem>& items) {
    for (const auto& [item, grade] : items) {
        if (!(grade > 0)) continue;
        auto& best = of_[item];
        best = std::max(best, grade);
    }
}

double Grades::of(const std::string& item) const {
    const auto found = of_.find(item);
    return found == of_.end() ? 0 : found->second;
}

std::vector<double> Grades::best_first() const {
    std::vector<double> grades;
    grades.reserve(of_.size());
    for (const auto& entry : of_)
        grades.push_back(entry.second);
    std::sort(grades.begin(), grades.end(), std::greater<>());
    return grades;
}

JudgedList::JudgedList(const Grades& grades, const RankedList& answers)
    : ideal_(grades.best_first()) {
    gains_.reserve(answers.size());
    for (const auto& answer : answers) {
        gains_.push_back(grades.of(answer.item));
        if (gains_.back() > 0) true_at_.push_back(gains_.size() - 1);
    }
}

double JudgedList::found(std::size_t depth) const {
    const auto end = std::lower_bound(true_at_.begin(), true_at_.end(), depth);
    return static_cast<double>(end - true_at_.begin());
}

std::size_t JudgedList::first_true() const {
    return true_at_.empty() ? answers() : true_at_.front();
}

double JudgedList::precision_sum(std::size_t depth) const {
    double sum = 0;
    for (std::size_t i = 0; i < true_at_.size() && true_at_[i] < depth; ++i)
        sum += static_cast<double>(i + 1) / static_cast<double>(true_at_[i] + 1);
    return sum;
}

double JudgedList::dcg(std::size_t depth) const {
    return discounted_sum(gains_, depth);
}

double JudgedList::ideal_dcg(std::size_t depth) const {
    return discounted_sum(ideal_, depth);
}

}  // namespace pmatch
