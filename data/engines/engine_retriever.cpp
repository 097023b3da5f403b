#include "data/engines/engine_retriever.hpp"

#include <vector>

namespace pmatch {

std::unique_ptr<PreparedQueries> EngineRetriever::prepare(std::span<const Query* const> queries,
                                                          QueryPart part,
                                                          const Asking& asking) const {
    return embedded_queries(space_, queries, part, asking,
                            [this, &asking](std::span<const float> vectors, std::size_t count,
                                            const RetrievalRequest& request) {
                                std::vector<std::vector<Neighbour>> lists(count);
                                const auto dim = count == 0 ? 0 : vectors.size() / count;
                                for (std::size_t i = 0; i < count; ++i)
                                    lists[i] = search_.search(vectors.subspan(i * dim, dim),
                                                              request, asking.cancelled);
                                return lists;
                            });
}

}  // namespace pmatch
