/// Retrieves items by BM25.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/lexical/bm25.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

class Bm25Retriever : public Retriever {
public:
    Bm25Retriever(std::string name, Bm25Index index)
        : name_(std::move(name)), index_(std::move(index)) {}

    std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries, QueryPart part,
                                             const Asking& asking) const override;
    bool exact() const override { return true; }
    bool leaves_ties() const override { return false; }
    std::int64_t count() const override { return index_.info().items; }

private:
    class Terms;

    std::string name_;
    Bm25Index index_;
};

}  // namespace pmatch
