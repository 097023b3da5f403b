/// A collection on disk as the source of an engine: its items, indexes, encoders and captioner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/engine/model_opener.hpp"
#include "core/engine/collection_source.hpp"
#include "core/retrieval/embedded_queries.hpp"
#include "core/retrieval/lazy.hpp"
#include "core/retrieval/shared_encoder.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {

class CollectionQueryVectors;

/// By fingerprint; each is loaded once.
using SharedEncoders = LazyMap<std::string, SharedEncoder>;

/// Options for opening an engine. Everything referred to must outlive it.
struct EngineOptions {
    Execution execution{nobody()};  ///< threads of forward passes, and the encoders' observer
    const ModelOpener& models = program_models();
    BatchLimits limits = {};                             ///< how requests share an encoder
    PictureLimits pictures = {};                         ///< of queries that are encoded
    std::shared_ptr<SharedEncoders> encoders = nullptr;  ///< shared by engines; nullptr = own
    std::string engine = {};  ///< name or address of what searches the vectors; empty = FAISS here
    CollectionQueryVectors* known = nullptr;  ///< stored vectors of queries that are items
};

class StoredCollection : public CollectionSource {
public:
    StoredCollection(std::shared_ptr<const Collection> collection, EngineOptions options);
    ~StoredCollection() override;

    std::string directory() const override { return collection_->directory().string(); }
    std::string given_path() const override { return collection_->given_path(); }
    std::int64_t generation() const override { return collection_->manifest().generation; }
    const Items& items() const override { return items_; }
    std::vector<std::string> fields() const override;
    std::vector<std::string> text_fields() const override;
    std::vector<SpaceSummary> available(const std::string& preset) const override;
    std::unique_ptr<Retriever> open(const RetrieverId& id,
                                    const Execution& execution) const override;
    std::unique_ptr<const KeypointSource> keypoints(const std::string& space) const override;
    FilteredRows rows_where(const std::string& condition) const override;
    bool has_captions(const Source& captions) const override {
        return collection_->manifest().captions.contains(captions.caption_name());
    }
    std::unique_ptr<QueryDescriber> describer(const Source& captions) const override;

    const Collection& collection() const { return *collection_; }
    /// Of the space; loaded by the first caller and shared by spaces of the same package and
    /// precision.
    SharedEncoder& encoder_of(const std::string& space, const Execution& execution) const;

private:
    std::unique_ptr<Retriever> open_space(const std::string& name,
                                          const Execution& execution) const;
    std::unique_ptr<Retriever> open_engine_space(const std::string& name,
                                                 const Execution& execution) const;
    QueryEmbedding embedding_of(const std::string& space) const;
    std::unique_ptr<Retriever> open_lexical(const std::string& name,
                                            const Execution& execution) const;
    std::unique_ptr<Retriever> open_identifiers(const Execution& execution) const;

    std::shared_ptr<const Collection> collection_;
    EngineOptions options_;
    Items items_;
    FilePictureReader reader_;
};

}  // namespace pmatch
