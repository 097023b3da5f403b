#include "cli/query_vectors.hpp"

#include <array>
#include <utility>

#include "cli/list_search.hpp"
#include "cli/list_source.hpp"
#include "core/embed_pipeline.hpp"
#include "data/image_reader.hpp"

namespace pmatch::cli {
namespace {

/// Keeps everything.
class ListSink : public EmbeddingSink {
public:
    void append(EmbeddedWindow window) override {
        vectors.keys.insert(vectors.keys.end(), window.keys.begin(), window.keys.end());
        vectors.values.insert(vectors.values.end(), window.vectors.begin(), window.vectors.end());
        for (auto& skipped : window.skipped)
            vectors.problems.push_back(std::move(skipped));
    }

    QueryVectors vectors;
};

std::vector<WorkItem> work(std::span<const Query* const> queries, QueryPart part,
                           const std::string& source) {
    std::vector<WorkItem> items;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto& query = *queries[number];
        if (part == QueryPart::kText) {
            WorkItem item;
            item.key.row = static_cast<std::int64_t>(number);
            item.text = text_for(source, query);
            items.push_back(std::move(item));
            continue;
        }
        add_pictures(items, query, number);
    }
    return items;
}

}  // namespace

QueryVectors embed_queries(std::span<const Query* const> queries, QueryPart part,
                           const std::string& space_source, Encoder& encoder, int threads) {
    EmbedOptions options;
    options.workers = threads;
    options.role = TextRole::kQuery;
    options.check_content = false;
    const bool pictures = part == QueryPart::kImage;
    ListSource source(work(queries, part, space_source),
                      pictures ? options.picture_batch : std::size_t{1024});
    ListSink sink;
    const FilePictureReader reader;
    std::array<Encoder*, 1> encoders{&encoder};
    embed(source, reader, encoders, sink, options);
    return std::move(sink.vectors);
}

QueryVectors vectors_of_items(std::span<const Query* const> queries, const SpaceVectors& known) {
    QueryVectors vectors;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const VectorKey key{static_cast<std::int64_t>(number), 0, {}};
        const auto [first, last] = known.of(queries[number]->row);
        for (auto place = first; place < last; ++place) {
            const auto vector = known.vector(place);
            vectors.keys.push_back(key);
            vectors.values.insert(vectors.values.end(), vector.begin(), vector.end());
        }
        if (first != last) continue;
        vectors.problems.push_back({key, no_vector()});
    }
    return vectors;
}

}  // namespace pmatch::cli
