#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <queue>
#include <unordered_map>
#include <utility>

#include "core/matching/pairing.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr double kFar = std::numeric_limits<double>::infinity();

/// Minimum-cost matching by shortest augmenting paths with potentials (Jonker and Volgenant: "A
/// shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing
/// 38, 1987). Every row may also stay unmatched at cost 0; all costs are below 0. Invariants: the
/// reduced cost (cost - row potential - column potential) is 0 for matched pairs and never
/// negative, row potentials are never above 0, and that of an unmatched row is 0.
class Assignment {
public:
    struct Edge {
        std::size_t column;
        double cost;
    };

    Assignment(std::vector<std::vector<Edge>> rows, std::size_t columns)
        : rows_(std::move(rows)),
          of_row_(rows_.size()),
          of_column_(columns),
          row_of_(columns, kNone),
          column_of_(rows_.size(), kNone),
          distance_(columns, kFar),
          from_(columns, kNone) {
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (const auto& edge : rows_[row])
                of_row_[row] = std::min(of_row_[row], edge.cost);
        }
        for (std::size_t row = 0; row < rows_.size(); ++row)
            place(row);
    }

    /// By row; kNone = unmatched.
    const std::vector<std::size_t>& columns() const { return column_of_; }

private:
    /// End of the shortest augmenting path found so far.
    struct End {
        double distance = kFar;
        std::size_t column = kNone;  ///< a free column, or
        std::size_t alone = kNone;   ///< the row that becomes unmatched
    };

    void place(std::size_t row) {
        const auto end = shortest_path(row);
        of_row_[row] += end.distance;
        for (const auto column : settled_) {
            const double gap = end.distance - distance_[column];
            of_column_[column] -= gap;
            of_row_[row_of_[column]] += gap;
        }
        auto column = end.column;
        if (end.alone != kNone) column = std::exchange(column_of_[end.alone], kNone);
        while (column != kNone) {  // none if `row` itself stays unmatched
            const auto taker = from_[column];
            row_of_[column] = taker;
            column = std::exchange(column_of_[taker], column);
        }
        for (const auto seen : seen_) {
            distance_[seen] = kFar;
            from_[seen] = kNone;
        }
        seen_.clear();
        settled_.clear();
    }

    End shortest_path(std::size_t row) {
        std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue;
        End end;
        double gone = 0;
        while (true) {
            if (gone - of_row_[row] < end.distance) end = {gone - of_row_[row], kNone, row};
            for (const auto& [column, cost] : rows_[row]) {
                const double distance = gone + cost - of_row_[row] - of_column_[column];
                if (distance >= std::min(distance_[column], end.distance)) continue;
                if (distance_[column] == kFar) seen_.push_back(column);
                distance_[column] = distance;
                from_[column] = row;
                queue.emplace(distance, column);
            }
            while (!queue.empty() && queue.top().first > distance_[queue.top().second])
                queue.pop();  // a shorter path was found since
            if (queue.empty() || queue.top().first >= end.distance) return end;
            const auto column = queue.top().second;
            queue.pop();
            if (row_of_[column] == kNone) return {distance_[column], column, kNone};
            settled_.push_back(column);
            gone = distance_[column];
            row = row_of_[column];
        }
    }

    using Reached = std::pair<double, std::size_t>;  ///< distance, column

    std::vector<std::vector<Edge>> rows_;
    std::vector<double> of_row_;     ///< potentials
    std::vector<double> of_column_;  ///< potentials
    std::vector<std::size_t> row_of_;
    std::vector<std::size_t> column_of_;
    // For the current search:
    std::vector<double> distance_;
    std::vector<std::size_t> from_;  ///< the row before this column
    std::vector<std::size_t> seen_;
    std::vector<std::size_t> settled_;
};

/// Numbers the items of one side from 0.
class Numbering {
public:
    std::size_t of(std::uint32_t item) {
        return numbers_.try_emplace(item, numbers_.size()).first->second;
    }
    std::size_t size() const { return numbers_.size(); }

private:
    std::unordered_map<std::uint32_t, std::size_t> numbers_;
};

}  // namespace

std::vector<ScoredPair> one_to_one_optimal(std::span<const ScoredPair> pairs, double worthless) {
    std::vector<ScoredPair> sorted(pairs.begin(), pairs.end());
    std::erase_if(sorted, [&](const ScoredPair& pair) { return !(pair.score > worthless); });
    std::sort(sorted.begin(), sorted.end(), better);
    Numbering left;
    Numbering right;
    std::vector<std::pair<std::size_t, std::size_t>> numbers;
    for (const auto& pair : sorted)
        numbers.emplace_back(left.of(pair.left), right.of(pair.right));
    const bool turned = left.size() > right.size();  // fewer rows need fewer paths
    std::vector<std::vector<Assignment::Edge>> rows(turned ? right.size() : left.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        auto [row, column] = numbers[i];
        if (turned) std::swap(row, column);
        rows[row].push_back({column, worthless - sorted[i].score});
    }
    const Assignment assignment(std::move(rows), turned ? left.size() : right.size());
    std::vector<ScoredPair> kept;
    std::vector<bool> done(assignment.columns().size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        auto [row, column] = numbers[i];
        if (turned) std::swap(row, column);
        if (assignment.columns()[row] != column || done[row]) continue;
        done[row] = true;
        kept.push_back(sorted[i]);
    }
    return kept;
}

}  // namespace pmatch
