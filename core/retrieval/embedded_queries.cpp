#include "core/retrieval/embedded_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/stopwatch.hpp"
#include "core/index/live_index.hpp"

namespace pmatch {
namespace {

class EmbeddedQueries : public PreparedQueries {
public:
    EmbeddedQueries(const QueryEmbedding& space, QueryVectors vectors, const Asking& asking,
                    VectorSearch search)
        : space_(space),
          vectors_(std::move(vectors)),
          asking_(asking),
          search_(std::move(search)) {}

    std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                        const RetrievalRequest& request) override {
        const Stopwatch watch;
        std::vector<float> vectors;
        std::vector<std::size_t> owners;  // indexes into `which`
        for (std::size_t place = 0; place < which.size(); ++place)
            gather(which[place], place, vectors, owners);
        auto found = search_(vectors, owners.size(), request);
        std::vector<RetrievedList> results(which.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto& list = results[owners[i]].found;
            list = list.empty() ? std::move(found[i]) : best_of_both(std::move(list), found[i]);
        }
        for (std::size_t place = 0; place < which.size(); ++place)
            results[place].problem = vectors_.problems[which[place]];
        asking_.execution.observer.detail(
            fmt::format("query: space {}: {} queries: vector search {:.2f} ms", space_.name,
                        which.size(), watch.milliseconds()));
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

    const QueryEmbedding& space_;
    QueryVectors vectors_;
    const Asking& asking_;
    VectorSearch search_;
};

}  // namespace

bool QueryEmbedding::are_known(std::span<const Query* const> queries, QueryPart part) const {
    return known != nullptr && part == part_like(source) &&
           std::all_of(queries.begin(), queries.end(),
                       [](const Query* query) { return query->row >= 0; });
}

std::unique_ptr<PreparedQueries> embedded_queries(const QueryEmbedding& space,
                                                  std::span<const Query* const> queries,
                                                  QueryPart part, const Asking& asking,
                                                  VectorSearch search) {
    const Stopwatch watch;
    auto vectors = space.are_known(queries, part)
                       ? vectors_of_items(queries, space.known->of(space.name))
                       : embed_queries({queries, part, space.source},
                                       space.encoder(asking.execution), space.reader, asking);
    asking.execution.observer.detail(fmt::format("query: space {}: {} queries: encode {:.1f} ms",
                                                 space.name, queries.size(), watch.milliseconds()));
    return std::make_unique<EmbeddedQueries>(space, std::move(vectors), asking, std::move(search));
}

}  // namespace pmatch
