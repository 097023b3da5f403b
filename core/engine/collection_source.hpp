/// What an engine is made from: one state of a collection, however it is stored.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/item_reader.hpp"
#include "core/preset/preset.hpp"
#include "core/retrieval/query.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// Gives queries with pictures the captions that items of the same picture would have. One call at
/// a time.
class QueryDescriber {
public:
    virtual ~QueryDescriber() = default;
    /// Sets the field `caption` of queries that have pictures and no such field. One whose pictures
    /// give no caption stays as it is, and the observer hears why.
    virtual void describe(std::vector<Query>& queries, const Asking& asking) = 0;
};

/// Safe to use from many threads; nothing that it gives changes.
class CollectionSource {
public:
    virtual ~CollectionSource() = default;

    /// For messages.
    virtual std::string directory() const = 0;
    /// The same as whoever opened it wrote it, for commands.
    virtual std::string given_path() const { return directory(); }
    /// Grows with every change of the collection.
    virtual std::int64_t generation() const = 0;
    virtual const ItemReader& items() const = 0;
    /// Fields of the items, as the catalog names them, and those that make the text.
    virtual std::vector<std::string> fields() const = 0;
    virtual std::vector<std::string> text_fields() const = 0;
    /// What can be opened. Which models take pictures and texts is looked up only where `preset`
    /// may ask for it.
    virtual std::vector<SpaceSummary> available(const std::string& preset) const = 0;
    /// Loads it; the engine keeps what it gets.
    virtual std::unique_ptr<Retriever> open(const RetrieverId& id,
                                            const Execution& execution) const = 0;
    /// Rows for which the condition holds. Throws UsageError for what is none.
    virtual RowSet rows_where(const std::string& condition) const = 0;
    virtual bool has_captions() const = 0;
    /// Of the model that wrote the captions; it is loaded when the first picture comes.
    virtual std::unique_ptr<QueryDescriber> describer() const = 0;
};

}  // namespace pmatch
