/// The queries that found nothing, for people who want to know why.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/common/problem.hpp"
#include "core/common/ranked_answers.hpp"
#include "core/engine/item_reader.hpp"
#include "core/metrics/truth.hpp"
#include "core/retrieval/query.hpp"

namespace pmatch {

struct ShownItem {
    std::string id;
    std::string title;              ///< empty if unknown
    std::filesystem::path picture;  ///< empty if there is none
    std::size_t rank = 0;           ///< among the answers, from 1; 0 = not among them
};

struct MissedQuery {
    std::string id;
    std::string text;
    std::vector<std::filesystem::path> pictures;
    Problem problem;                ///< if it failed
    std::vector<ShownItem> wanted;  ///< the first of its true items
    std::vector<ShownItem> found;   ///< the best answers
    std::size_t answers = 0;
};

/// Keeps the first of the queries that failed, or have true items and none among the first K.
class MissedQueries {
public:
    /// `items` may be nullptr: then there are ids alone. `truth` and `items` must outlive it.
    MissedQueries(const Truth& truth, int k, std::size_t most, const ItemReader* items);

    /// `query` may be nullptr: then there is its id alone.
    void add(const QueryAnswers& answers, const Query* query, const Problem& problem);

    std::size_t count() const { return count_; }  ///< also of those not kept
    std::vector<MissedQuery> take() { return std::move(kept_); }

private:
    bool is_missed(const QueryAnswers& answers) const;
    ShownItem shown(const std::string& id, const RankedList& answers) const;

    const Truth& truth_;
    std::size_t k_;
    std::size_t most_;
    const ItemReader* items_;
    std::size_t count_ = 0;
    std::vector<MissedQuery> kept_;
};

}  // namespace pmatch
