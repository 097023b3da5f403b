#include "core/retrieval/vector_retriever.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/stopwatch.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kFilters = 16;  // each has one bit per vector, or a copy of few vectors

}  // namespace

/// Embedded queries; one with several pictures has several vectors.
class VectorRetriever::Embedded : public PreparedQueries {
public:
    Embedded(const VectorRetriever& retriever, QueryVectors vectors, const Asking& asking)
        : retriever_(retriever), vectors_(std::move(vectors)), asking_(asking) {}

    std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                        const RetrievalRequest& request) override {
        const Stopwatch watch;
        std::vector<float> vectors;
        std::vector<std::size_t> owners;  // indexes into `which`
        for (std::size_t place = 0; place < which.size(); ++place)
            gather(which[place], place, vectors, owners);
        const auto& index = retriever_.space_.index;
        const auto filter = retriever_.filter_for(request.allowed);
        auto found = request.complete
                         ? index.scores(vectors, owners.size(), filter.get())
                         : index.search_batch(vectors, owners.size(), request.depth, filter.get());
        std::vector<RetrievedList> results(which.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto& list = results[owners[i]].found;
            list = list.empty() ? std::move(found[i]) : best_of_both(std::move(list), found[i]);
        }
        for (std::size_t place = 0; place < which.size(); ++place)
            results[place].problem = vectors_.problems[which[place]];
        asking_.execution.observer.detail(
            fmt::format("query: space {}: {} queries: vector search {:.2f} ms",
                        retriever_.space_.name, which.size(), watch.milliseconds()));
        return results;
    }

private:
    void gather(std::size_t query, std::size_t place, std::vector<float>& vectors,
                std::vector<std::size_t>& owners) const {
        const auto [first, last] =
            std::equal_range(vectors_.owners.begin(), vectors_.owners.end(), query);
        const auto width = static_cast<std::ptrdiff_t>(vectors_.dim);
        const auto begin = vectors_.values.begin();
        vectors.insert(vectors.end(), begin + (first - vectors_.owners.begin()) * width,
                       begin + (last - vectors_.owners.begin()) * width);
        owners.insert(owners.end(), static_cast<std::size_t>(last - first), place);
    }

    const VectorRetriever& retriever_;
    QueryVectors vectors_;
    const Asking& asking_;
};

/// Queries that are the searched items: their lists are computed all at once if possible, at the
/// depth that is requested first; deeper requests search query by query.
class VectorRetriever::OfItems : public PreparedQueries {
public:
    OfItems(const VectorRetriever& retriever, std::span<const Query* const> queries, QueryPart part,
            const Asking& asking)
        : retriever_(retriever),
          queries_(queries.begin(), queries.end()),
          part_(part),
          asking_(asking) {}

    std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                        const RetrievalRequest& request) override {
        if (depth_ == 0) {
            depth_ = request.depth;
            if (!request.complete && request.allowed == nullptr)
                lists_ = retriever_.all_pairs_.at(depth_, asking_.execution.observer);
        }
        if (!lists_ || request.complete || request.allowed != nullptr || request.depth != depth_) {
            if (!one_by_one_) one_by_one_ = retriever_.embedded(queries_, part_, true, asking_);
            return one_by_one_->retrieve(which, request);
        }
        std::vector<RetrievedList> results(which.size());
        for (std::size_t i = 0; i < which.size(); ++i) {
            const auto found = lists_->find(queries_[which[i]]->row);
            if (found != lists_->end()) {
                results[i].found = found->second;
            } else {
                results[i].problem = no_vector();
            }
        }
        return results;
    }

private:
    const VectorRetriever& retriever_;
    std::vector<const Query*> queries_;
    QueryPart part_;
    const Asking& asking_;
    int depth_ = 0;  ///< 0 = nothing requested yet
    std::shared_ptr<const ListsByRow> lists_;
    std::unique_ptr<PreparedQueries> one_by_one_;
};

VectorRetriever::VectorRetriever(VectorSpace space)
    : space_(std::move(space)), filters_(kFilters), all_pairs_(space_.index, space_.name) {}

std::unique_ptr<PreparedQueries> VectorRetriever::prepare(std::span<const Query* const> queries,
                                                          QueryPart part,
                                                          const Asking& asking) const {
    const bool known = are_known(queries, part);
    if (known && space_.known->alone())
        return std::make_unique<OfItems>(*this, queries, part, asking);
    return embedded(queries, part, known, asking);
}

std::unique_ptr<PreparedQueries> VectorRetriever::embedded(std::span<const Query* const> queries,
                                                           QueryPart part, bool known,
                                                           const Asking& asking) const {
    const Stopwatch watch;
    auto vectors = known ? vectors_of_items(queries, space_.known->of(space_.name))
                         : embed_queries({queries, part, space_.source},
                                         space_.encoder(asking.execution), space_.reader, asking);
    asking.execution.observer.detail(fmt::format("query: space {}: {} queries: encode {:.1f} ms",
                                                 space_.name, queries.size(),
                                                 watch.milliseconds()));
    return std::make_unique<Embedded>(*this, std::move(vectors), asking);
}

/// Only an item's own picture or text has a stored vector; a text in a picture space has none.
bool VectorRetriever::are_known(std::span<const Query* const> queries, QueryPart part) const {
    return space_.known != nullptr && part == part_like(space_.source) &&
           std::all_of(queries.begin(), queries.end(),
                       [](const Query* query) { return query->row >= 0; });
}

std::shared_ptr<const LiveFilter> VectorRetriever::filter_for(
    const std::shared_ptr<const RowSet>& rows) const {
    if (rows == nullptr) return nullptr;
    return filters_.get(
        rows, [&] { return std::make_shared<const LiveFilter>(space_.index.filter(*rows)); });
}

}  // namespace pmatch
