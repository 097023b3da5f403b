#include "cli/engine/stored_collection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "cli/engine/collection_query_vectors.hpp"
#include "cli/engine/open_engine_table.hpp"
#include "cli/engine/open_index.hpp"
#include "cli/engine/query_captioner.hpp"
#include "cli/engine/stored_keypoints.hpp"
#include "cli/indexing/build_exact.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "core/retrieval/bm25_retriever.hpp"
#include "core/retrieval/exact_retriever.hpp"
#include "core/retrieval/vector_retriever.hpp"
#include "core/text/number_text.hpp"
#include "data/engines/engine_retriever.hpp"
#include "data/items/item_filter.hpp"

namespace pmatch {
namespace {

constexpr const char* kExactName = "exact";  ///< as a preset

LiveIndex index_of(const Collection& collection, const std::string& space,
                   CollectionQueryVectors* known, const Observer& observer) {
    if (known == nullptr) return open_index(collection, space, observer);
    if (auto blended = known->blended_index(space)) return LiveIndex(std::move(*blended));
    const auto& left_out = known->left_out(space);
    if (left_out.empty()) return open_index(collection, space, observer);
    return open_index(collection, space, observer,
                      [&](const InputKey& key) { return left_out.contains(key); });
}

}  // namespace

StoredCollection::StoredCollection(std::shared_ptr<const Collection> collection,
                                   EngineOptions options)
    : collection_(std::move(collection)),
      options_(std::move(options)),
      items_(*collection_),
      reader_(options_.pictures) {
    if (!options_.encoders) options_.encoders = std::make_shared<SharedEncoders>();
}

StoredCollection::~StoredCollection() = default;

std::vector<std::string> StoredCollection::fields() const {
    std::vector<std::string> names;
    for (const auto& field : collection_->manifest().items.fields)
        names.push_back(field.name);
    return names;
}

std::vector<std::string> StoredCollection::text_fields() const {
    return collection_->manifest().items.mapping.text;
}

std::vector<SpaceSummary> StoredCollection::available(const std::string& preset) const {
    const auto& manifest = collection_->manifest();
    std::vector<SpaceSummary> lists;
    for (const auto& [name, record] : manifest.spaces) {
        const bool keypoints = holds_keypoints(record);
        if (!record.indexable() && !keypoints) continue;
        lists.push_back(
            {.name = name, .source = record.source, .model = record.model, .keypoints = keypoints});
    }
    for (const auto& [name, record] : manifest.lexical)
        lists.push_back({name, record.source, ListKind::kBm25, record.analyser});
    if (manifest.exact) {
        SpaceSummary list{kExactName, {}, ListKind::kExact};
        for (const auto& column : manifest.exact->columns)
            list.other_sources.push_back(Source::parse(column));
        list.source = list.other_sources.front();
        list.other_sources.erase(list.other_sources.begin());
        lists.push_back(std::move(list));
    }
    const bool is_list = std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
        return list.name == preset && !list.keypoints;
    });
    const auto recipe = is_list ? std::nullopt : find_recipe(preset);
    if (!recipe || !asks_for_both_towers(*recipe)) return lists;
    for (auto& list : lists) {
        if (list.kind == ListKind::kVector && !list.keypoints)
            list.both_towers = options_.models.takes_both(manifest.spaces.at(list.name));
    }
    return lists;
}

std::unique_ptr<Retriever> StoredCollection::open(const RetrieverId& id,
                                                  const Execution& execution) const {
    switch (id.kind) {  // without default, so that the compiler names a kind that is forgotten
        case ListKind::kVector:
            return open_space(id.name, execution);
        case ListKind::kBm25:
            return open_lexical(id.name, execution);
        case ListKind::kExact:
            return open_identifiers(execution);
    }
    throw std::logic_error("a list of no kind");
}

std::unique_ptr<Retriever> StoredCollection::open_lexical(const std::string& name,
                                                          const Execution& execution) const {
    auto index = open_lexical_index(*collection_, name, execution.observer);
    const auto& info = index.info();
    execution.observer.detail(fmt::format("query: lexical {}: {} texts, {} terms, k1 {}, b {}",
                                          name, grouped(info.items), grouped(info.terms),
                                          info.options.k1, info.options.b));
    return std::make_unique<Bm25Retriever>(name, std::move(index));
}

std::unique_ptr<Retriever> StoredCollection::open_identifiers(const Execution& execution) const {
    auto list = open_exact(*collection_, execution.observer);
    execution.observer.detail(fmt::format("query: list of identifiers: {} in {}",
                                          grouped(list.info().entries),
                                          fmt::join(list.info().columns, ", ")));
    return std::make_unique<ExactRetriever>(std::move(list));
}

QueryEmbedding StoredCollection::embedding_of(const std::string& space) const {
    return {space, collection_->manifest().spaces.at(space).source, reader_,
            [this, space](const Execution& asking) -> SharedEncoder& {
                return encoder_of(space, asking);
            },
            options_.known};
}

std::unique_ptr<Retriever> StoredCollection::open_engine_space(const std::string& name,
                                                               const Execution& execution) const {
    auto table = open_engine_table(*collection_, name, options_.engine, options_.known);
    execution.observer.detail(fmt::format("query: space {}: {} vectors at {}", name,
                                          grouped(table.vectors), table.address.shown()));
    if (options_.known == nullptr) encoder_of(name, execution);
    return std::make_unique<EngineRetriever>(embedding_of(name), std::move(table));
}

/// With stored query vectors, the encoder is loaded only for a query that is not an item, or whose
/// item has no vector for this comparison.
std::unique_ptr<Retriever> StoredCollection::open_space(const std::string& name,
                                                        const Execution& execution) const {
    if (!options_.engine.empty()) return open_engine_space(name, execution);
    const auto& record = collection_->manifest().spaces.at(name);
    VectorSpace space{embedding_of(name),
                      index_of(*collection_, name, options_.known, execution.observer)};
    warn_if_incomplete(*collection_, name, execution.observer);
    if (options_.known == nullptr) encoder_of(name, execution);
    execution.observer.detail(fmt::format("query: space {}: {} vectors, layout {}, precision {}",
                                          name, grouped(space.index.count()),
                                          space.index.build_info().layout, record.precision));
    return std::make_unique<VectorRetriever>(std::move(space));
}

SharedEncoder& StoredCollection::encoder_of(const std::string& space,
                                            const Execution& execution) const {
    const auto& record = collection_->manifest().spaces.at(space);
    return options_.encoders->get(record.fingerprint, [&] {
        auto encoder = options_.models.encoder(record, space, options_.execution);
        execution.observer.detail(fmt::format("query: space {}: model {} on {}", space,
                                              record.model, encoder->info().device));
        return std::make_unique<SharedEncoder>(std::move(encoder), options_.limits);
    });
}

std::unique_ptr<const KeypointSource> StoredCollection::keypoints(const std::string& space) const {
    const auto& execution = options_.execution;
    const auto missing = missing_inputs(*collection_, space);
    const auto& record = collection_->space(space);
    if (missing > 0) {
        execution.observer.warning(
            {fmt::format("space '{}': {} pictures have no local features yet and are not compared "
                         "point by point",
                         space, grouped(missing)),
             embed_command(collection_->directory().string(), space, record)});
    }
    options_.models.encoder(record, space, execution);  // throws if another version made them
    return std::make_unique<StoredKeypoints>(*collection_, space);
}

FilteredRows StoredCollection::rows_where(const std::string& condition) const {
    return pmatch::rows_where(*collection_, condition);
}

std::unique_ptr<QueryDescriber> StoredCollection::describer(const Source& captions) const {
    const auto& record = collection_->manifest().captions.at(captions.caption_name());
    return std::make_unique<QueryCaptioner>(captions, record, options_.models, options_.execution);
}

}  // namespace pmatch
