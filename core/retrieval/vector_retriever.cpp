#include "core/retrieval/vector_retriever.hpp"

#include <utility>

namespace pmatch {
namespace {

constexpr std::size_t kFilters = 16;  // each has one bit per vector, or a copy of few vectors

}  // namespace

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
            if (!one_by_one_) one_by_one_ = retriever_.embedded(queries_, part_, asking_);
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
    : space_(std::move(space)), filters_(kFilters), all_pairs_(space_.index, space_.queries.name) {}

std::unique_ptr<PreparedQueries> VectorRetriever::prepare(std::span<const Query* const> queries,
                                                          QueryPart part,
                                                          const Asking& asking) const {
    if (space_.queries.are_known(queries, part) && space_.queries.known->alone())
        return std::make_unique<OfItems>(*this, queries, part, asking);
    return embedded(queries, part, asking);
}

std::unique_ptr<PreparedQueries> VectorRetriever::embedded(std::span<const Query* const> queries,
                                                           QueryPart part,
                                                           const Asking& asking) const {
    return embedded_queries(
        space_.queries, queries, part, asking,
        [this](std::span<const float> vectors, std::size_t count, const RetrievalRequest& request) {
            const auto filter = filter_for(request.allowed);
            const auto& index = space_.index;
            return request.complete
                       ? index.scores(vectors, count, filter.get())
                       : index.search_batch(vectors, count, request.depth, filter.get());
        });
}

std::shared_ptr<const LiveFilter> VectorRetriever::filter_for(
    const std::shared_ptr<const RowSet>& rows) const {
    if (rows == nullptr) return nullptr;
    return filters_.get(
        rows, [&] { return std::make_shared<const LiveFilter>(space_.index.filter(*rows)); });
}

}  // namespace pmatch
