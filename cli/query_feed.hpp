/// Queries from the command line, from a file, or from standard input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/skipped.hpp"
#include "data/catalog.hpp"

namespace pmatch::cli {

struct Query {
    std::string id;
    std::string text;                           ///< empty = the query has none
    std::map<std::string, std::string> fields;  ///< its non-empty columns by name
    std::vector<std::filesystem::path> pictures;
    Problem problem;  ///< code not empty: it cannot be answered
    /// Of an item of a collection whose vectors are known (known_vectors.hpp); -1 = of none.
    std::int64_t row = -1;
};

/// What `query` and `evaluate` share on their command lines about a query file.
struct QueryFileOptions {
    std::string source;  ///< a file, or "-" for standard input
    std::vector<std::string> text;
    std::vector<std::string> images;
    std::optional<std::filesystem::path> image_root;
};

/// Reads a query file with the columns of the collection's catalog.
class QueryFeed {
public:
    /// `mapping` is the collection's; columns that the file lacks are absent.
    QueryFeed(const QueryFileOptions& options, const FieldMapping& mapping);

    /// The next queries, at most `limit`, none at the end. From a file always `limit` while they
    /// last, so that equal files give equal batches; from standard input what is there already,
    /// but at least one.
    std::vector<Query> next(std::size_t limit);

    /// The columns of the file but the id; of JSONL the keys.
    const std::vector<std::string>& columns() const { return reader_->fields(); }

private:
    Query read(const CatalogRecord& record) const;

    bool from_stdin_;
    bool confine_;
    std::filesystem::path root_;
    std::unique_ptr<CatalogReader> reader_;
};

}  // namespace pmatch::cli
