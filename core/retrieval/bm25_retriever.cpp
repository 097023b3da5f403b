#include "core/retrieval/bm25_retriever.hpp"

#include <fmt/format.h>

#include "core/common/stopwatch.hpp"

namespace pmatch {

/// Queries split into terms.
class Bm25Retriever::Terms : public PreparedQueries {
public:
    Terms(const Bm25Retriever& retriever, std::vector<Bm25Query> queries, const Asking& asking)
        : retriever_(retriever), queries_(std::move(queries)), asking_(asking) {}

    std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                        const RetrievalRequest& request) override {
        const Stopwatch watch;
        std::vector<RetrievedList> results(which.size());
        const auto* allowed = request.allowed.get();
        if (request.complete) {
            for (std::size_t i = 0; i < which.size(); ++i)
                results[i].found = all_scores(queries_[which[i]], allowed);
        } else {
            std::vector<Bm25Query> asked;
            asked.reserve(which.size());
            for (const auto number : which)
                asked.push_back(queries_[number]);
            auto found = retriever_.index_.search_batch(asked, request.depth,
                                                        asking_.execution.threads, allowed);
            for (std::size_t i = 0; i < which.size(); ++i)
                results[i].found = std::move(found[i]);
        }
        asking_.execution.observer.detail(
            fmt::format("query: lexical {}: {} queries: lexical search {:.3f} ms", retriever_.name_,
                        which.size(), watch.milliseconds()));
        return results;
    }

private:
    /// Nothing, too, for a query without a term of the index: a list of zeros would be an answer.
    std::vector<Neighbour> all_scores(const Bm25Query& query, const RowSet* allowed) const {
        if (query.terms.empty()) return {};
        const auto scores = retriever_.index_.scores(query);
        const auto rows = retriever_.index_.rows();
        std::vector<Neighbour> found;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            if (allowed == nullptr || allowed->contains(rows[i]))
                found.push_back({rows[i], scores[i]});
        }
        return found;
    }

    const Bm25Retriever& retriever_;
    std::vector<Bm25Query> queries_;
    const Asking& asking_;
};

std::unique_ptr<PreparedQueries> Bm25Retriever::prepare(std::span<const Query* const> queries,
                                                        QueryPart, const Asking& asking) const {
    const Stopwatch watch;
    std::vector<std::string_view> texts;
    texts.reserve(queries.size());
    for (const auto* query : queries)
        texts.emplace_back(text_for(index_.info().source, *query));
    auto prepared = index_.prepare_batch(texts, asking.execution.threads);
    asking.execution.observer.detail(fmt::format("query: lexical {}: {} queries: terms {:.3f} ms",
                                                 name_, queries.size(), watch.milliseconds()));
    return std::make_unique<Terms>(*this, std::move(prepared), asking);
}

}  // namespace pmatch
