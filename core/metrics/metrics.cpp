#include "core/metrics/metrics.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// One query's numbers, in the order of ScoreTable::columns().
std::vector<double> row_of(const Grades& grades, const RankedList& answers,
                           const std::vector<RankColumn>& columns) {
    const JudgedList list(grades, answers);
    std::vector<double> row{grades.size() > 0 ? 1.0 : 0.0, static_cast<double>(grades.size())};
    for (const auto& [metric, depth] : columns)
        row.push_back(metric->value(list, static_cast<std::size_t>(depth)));
    return row;
}

void add_threshold(std::vector<double>& row, double threshold, const Grades& grades,
                   const RankedList& answers) {
    double predicted = 0;
    double both = 0;
    for (const auto& answer : answers) {
        // As float: the score 0.7f is slightly less than the double 0.7.
        if (!(answer.score >= static_cast<float>(threshold))) continue;
        ++predicted;
        if (grades.contains(answer.item)) ++both;
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
    : truth_(truth),
      columns_(std::move(columns)),
      table_(checked(columns_)),
      rank_columns_(rank_columns(columns_.at)) {}

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
    if (grades.size() == 0) {
        ++counts_.without_truth;
        if (!columns_.threshold) return;
    } else {
        ++counts_.scored;
    }
    const RankedList nothing;
    const RankedList& answers = query.failed ? nothing : query.answers;
    auto row = row_of(grades, answers, rank_columns_);
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
