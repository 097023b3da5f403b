/// What an engine is built from: one state of a collection, however it is stored.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/filtered_rows.hpp"
#include "core/engine/item_reader.hpp"
#include "core/engine/keypoint_source.hpp"
#include "core/preset/preset.hpp"
#include "core/retrieval/query.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// Captions the pictures of queries with the model that made captions of the items. Not
/// thread-safe: one call at a time.
class QueryDescriber {
public:
    virtual ~QueryDescriber() = default;
    /// Sets the field of the captions' name in queries that have pictures but no such field.
    /// Queries whose pictures cannot be captioned stay unchanged, and the reason is reported to the
    /// observer.
    virtual void describe(std::vector<Query>& queries, const Asking& asking) = 0;
};

/// Thread-safe; all returned data is immutable.
class CollectionSource {
public:
    virtual ~CollectionSource() = default;

    /// For messages.
    virtual std::string directory() const = 0;
    /// The path as the user wrote it, for commands.
    virtual std::string given_path() const { return directory(); }
    /// Increases with every change of the collection.
    virtual std::int64_t generation() const = 0;
    virtual const ItemReader& items() const = 0;
    /// Names of the items' fields in the catalog, including those that make up the text.
    virtual std::vector<std::string> fields() const = 0;
    virtual std::vector<std::string> text_fields() const = 0;
    /// The spaces and indexes that can be opened. Which models take pictures and texts is looked up
    /// only if `preset` may need it.
    virtual std::vector<SpaceSummary> available(const std::string& preset) const = 0;
    /// Loads the retriever; the engine caches it.
    virtual std::unique_ptr<Retriever> open(const RetrieverId& id,
                                            const Execution& execution) const = 0;
    /// For a space that available() says has keypoints.
    virtual std::unique_ptr<const KeypointSource> keypoints(const std::string& /*space*/) const {
        return nullptr;
    }
    /// Rows that satisfy the condition. Throws UsageError if it is invalid.
    virtual FilteredRows rows_where(const std::string& condition) const = 0;
    virtual bool has_captions(const Source& captions) const = 0;
    /// For the model that wrote these captions, which is loaded for the first picture.
    virtual std::unique_ptr<QueryDescriber> describer(const Source& captions) const = 0;
};

}  // namespace pmatch
