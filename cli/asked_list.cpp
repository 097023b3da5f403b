#include "cli/asked_list.hpp"

#include <fmt/format.h>

#include "cli/lexical_search.hpp"
#include "cli/space_search.hpp"

namespace pmatch::cli {

std::unique_ptr<ListSearch> open_list(const Collection& collection, const ListName& name,
                                      EncoderPool& encoders, Context& context) {
    return name.lexical ? open_lexical_search(collection, name.name, context)
                        : open_space_search(collection, name.name, encoders, context);
}

void check_exact(const Collection& collection, const std::string& preset, const ListSpec& spec,
                 const ListName& name, const ListSearch& search) {
    if (!spec.exact || search.exact()) return;
    const auto directory = collection.directory().string();
    throw Error{
        fmt::format("preset '{}' compares every vector of space '{}', whose index does not", preset,
                    name.name),
        directory,
        fmt::format("pmatch build-index {} --space {} --layout Flat", directory, name.name)};
}

AskedList ask_list(const ListSpec& spec, const std::vector<Query>& queries,
                   std::span<const std::size_t> which, const std::function<ListSearch&()>& open) {
    AskedList list;
    std::vector<const Query*> asked;
    for (const auto number : which) {
        if (!has_input_for(spec, queries[number])) continue;
        list.places[number] = asked.size();
        asked.push_back(&queries[number]);
    }
    if (asked.empty()) return list;
    list.search = &open();
    list.queries = list.search->ask(asked, spec.query);
    return list;
}

std::vector<AskedResult> search_block(const AskedList& list, std::span<const std::size_t> block,
                                      const ListWanted& wanted) {
    std::vector<std::size_t> places;
    std::vector<AskedResult> results;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto place = list.places.find(block[i]);
        if (place == list.places.end()) continue;
        places.push_back(place->second);
        results.push_back({i, {}});
    }
    if (places.empty()) return results;
    auto found = list.queries->search(places, wanted);
    for (std::size_t i = 0; i < found.size(); ++i)
        results[i].result = std::move(found[i]);
    return results;
}

}  // namespace pmatch::cli
