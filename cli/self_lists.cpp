#include "cli/self_lists.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/query_vectors.hpp"
#include "cli/stopwatch.hpp"

namespace pmatch::cli {
namespace {

class QueriesOfItems : public AskedQueries {
public:
    QueriesOfItems(SelfLists& lists, std::vector<std::int64_t> rows,
                   std::function<std::unique_ptr<AskedQueries>()> one_by_one)
        : lists_(lists), rows_(std::move(rows)), one_by_one_(std::move(one_by_one)) {}

    std::vector<ListResult> search(std::span<const std::size_t> which,
                                   const ListWanted& wanted) override {
        if (wanted.complete || !lists_.has(wanted.depth)) {
            if (!asked_) asked_ = one_by_one_();
            return asked_->search(which, wanted);
        }
        std::vector<ListResult> results(which.size());
        for (std::size_t i = 0; i < which.size(); ++i) {
            if (const auto* list = lists_.of(rows_[which[i]])) {
                results[i].found = *list;
            } else {
                results[i].problem = no_vector();
            }
        }
        return results;
    }

private:
    SelfLists& lists_;
    std::vector<std::int64_t> rows_;
    std::function<std::unique_ptr<AskedQueries>()> one_by_one_;
    std::unique_ptr<AskedQueries> asked_;
};

}  // namespace

bool SelfLists::has(int depth) {
    if (depth_ == 0) {
        depth_ = index_.can_search_self(depth) ? depth : -1;
        if (depth_ > 0) search(depth);
    }
    return depth == depth_;
}

void SelfLists::search(int depth) {
    const Stopwatch watch;
    auto found = index_.search_self(depth);
    const auto rows = index_.rows();
    for (std::size_t position = 0; position < found.size(); ++position) {
        auto& list = lists_[rows[position]];
        list = list.empty() ? std::move(found[position])
                            : best_of_both(std::move(list), found[position]);
    }
    console_.detail(fmt::format("query: space {}: all {} vectors with each other: {:.2f} ms", name_,
                                grouped(index_.count()), watch.milliseconds()));
}

const std::vector<Neighbour>* SelfLists::of(std::int64_t row) const {
    const auto found = lists_.find(row);
    return found == lists_.end() ? nullptr : &found->second;
}

std::unique_ptr<AskedQueries> queries_of_items(
    SelfLists& lists, std::vector<std::int64_t> rows,
    std::function<std::unique_ptr<AskedQueries>()> one_by_one) {
    return std::make_unique<QueriesOfItems>(lists, std::move(rows), std::move(one_by_one));
}

}  // namespace pmatch::cli
