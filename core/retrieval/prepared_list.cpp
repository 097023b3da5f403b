#include "core/retrieval/prepared_list.hpp"

#include <utility>

namespace pmatch {

PreparedList prepare_list(const ListSpec& spec, const std::vector<Query>& queries,
                          std::span<const std::size_t> which,
                          const std::function<const Retriever&()>& open, const Asking& asking) {
    PreparedList list;
    std::vector<const Query*> asked;
    for (const auto number : which) {
        if (!has_input_for(spec, queries[number])) continue;
        list.places[number] = asked.size();
        asked.push_back(&queries[number]);
    }
    if (asked.empty()) return list;
    list.retriever = &open();
    list.queries = list.retriever->prepare(asked, spec.query, asking);
    return list;
}

std::vector<PlacedResult> retrieve_block(const PreparedList& list,
                                         std::span<const std::size_t> block,
                                         const RetrievalRequest& request) {
    std::vector<std::size_t> places;
    std::vector<PlacedResult> results;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto place = list.places.find(block[i]);
        if (place == list.places.end()) continue;
        places.push_back(place->second);
        results.push_back({i, {}});
    }
    if (places.empty()) return results;
    auto found = list.queries->retrieve(places, request);
    for (std::size_t i = 0; i < found.size(); ++i)
        results[i].result = std::move(found[i]);
    return results;
}

}  // namespace pmatch
