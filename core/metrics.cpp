#include "core/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "core/error.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kNdcgDepth = 10;

/// What an item of this grade adds at `index` (from 0).
double discounted(double grade, std::size_t index) {
    return grade / std::log2(static_cast<double>(index) + 2);
}

}  // namespace

/// A query's true items; an item that the truth lists twice counts once, with its best grade.
struct Scorer::Grades {
    std::unordered_map<std::string, double> of;

    explicit Grades(const std::vector<TruthItem>& items) {
        for (const auto& [item, grade] : items) {
            if (!(grade > 0)) continue;
            auto& best = of[item];
            best = std::max(best, grade);
        }
    }

    double ideal_dcg() const {
        std::vector<double> grades;
        grades.reserve(of.size());
        for (const auto& entry : of)
            grades.push_back(entry.second);
        std::sort(grades.begin(), grades.end(), std::greater<>());
        double sum = 0;
        for (std::size_t i = 0; i < std::min(kNdcgDepth, grades.size()); ++i) {
            sum += discounted(grades[i], i);
        }
        return sum;
    }
};

Scorer::Scorer(const Truth& truth, std::vector<int> at)
    : truth_(truth),
      at_(std::move(at)),
      hits_(at_.size()),
      recalls_(at_.size()),
      pairs_(at_.size()) {
    for (const int k : at_) {
        if (k < 1) {
            throw UsageError{fmt::format("--at has {}, but ranks start at 1", k),
                             "use whole numbers from 1, as in --at 1,5,10"};
        }
    }
}

void Scorer::add(const QueryAnswers& query) {
    if (!seen_.insert(query.query).second) {
        throw Error{fmt::format("the query '{}' was answered twice", query.query),
                    {},
                    "give every query an id of its own"};
    }
    std::unordered_set<std::string_view> items;
    for (const auto& answer : query.answers) {
        if (items.insert(answer.item).second) continue;
        throw Error{fmt::format("the query '{}' has the item '{}' twice among its answers",
                                query.query, answer.item),
                    {},
                    "keep the best answer of each item"};
    }
    ++counts_.queries;
    if (query.failed) ++counts_.failed;
    const auto found = truth_.find(query.query);
    const Grades grades(found == truth_.end() ? std::vector<TruthItem>{} : found->second);
    if (grades.of.empty()) {
        ++counts_.without_truth;
        return;
    }
    ++counts_.scored;
    score(grades, query.failed ? RankedList{} : query.answers);
}

void Scorer::score(const Grades& grades, const RankedList& answers) {
    const auto all = static_cast<double>(grades.of.size());
    std::vector<std::size_t> true_at;  // indexes from 0
    double dcg = 0;
    double precisions = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto found = grades.of.find(answers[i].item);
        if (found == grades.of.end()) continue;
        true_at.push_back(i);
        precisions += static_cast<double>(true_at.size()) / static_cast<double>(i + 1);
        if (i < kNdcgDepth) dcg += discounted(found->second, i);
    }
    for (std::size_t i = 0; i < at_.size(); ++i) {
        const auto found = static_cast<double>(
            std::lower_bound(true_at.begin(), true_at.end(), static_cast<std::size_t>(at_[i])) -
            true_at.begin());
        hits_[i] += found > 0 ? 1 : 0;
        recalls_[i] += found / all;
        pairs_[i] += found;
    }
    all_pairs_ += all;
    if (!true_at.empty()) reciprocal_ranks_ += 1 / static_cast<double>(true_at.front() + 1);
    average_precisions_ += precisions / all;
    ndcgs_ += dcg / grades.ideal_dcg();
}

Metrics Scorer::result() const {
    Metrics metrics = counts_;
    for (const auto& [query, items] : truth_) {
        if (!seen_.contains(query)) ++metrics.truth_without_query;
    }
    const auto share = [](double sum, double of) { return of > 0 ? sum / of : 0; };
    const auto scored = static_cast<double>(counts_.scored);
    const auto add_all = [&](const char* name, const std::vector<double>& sums, double of) {
        for (std::size_t i = 0; i < at_.size(); ++i) {
            metrics.values.emplace_back(fmt::format("{}@{}", name, at_[i]), share(sums[i], of));
        }
    };
    add_all("hit", hits_, scored);
    add_all("recall", recalls_, scored);
    add_all("pair_recall", pairs_, all_pairs_);
    metrics.values.emplace_back("mrr", share(reciprocal_ranks_, scored));
    metrics.values.emplace_back("map", share(average_precisions_, scored));
    metrics.values.emplace_back("ndcg@10", share(ndcgs_, scored));
    return metrics;
}

}  // namespace pmatch
