/// Reads queries from a file or from standard input.
#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/request.hpp"
#include "core/retrieval/query.hpp"
#include "data/catalog/catalog.hpp"
#include "data/pictures/picture_finder.hpp"

namespace pmatch {

/// Options of a query file, shared by `query`, `evaluate` and others.
struct QueryFileOptions {
    std::string source;  ///< a file, or "-" for standard input
    std::vector<std::string> text;
    std::vector<std::string> images;
    std::optional<std::filesystem::path> image_root;
    TableFormat format{};
};

/// Reads a query file with the columns of the collection's catalog.
class QueryFileReader {
public:
    /// `mapping` is the collection's; columns missing in the file are treated as empty.
    QueryFileReader(const QueryFileOptions& options, const FieldMapping& mapping);

    /// The next queries, at most `limit`; none at the end. Files always give `limit` until the end,
    /// so that equal files give equal batches; standard input gives what is available, but at least
    /// one.
    std::vector<Query> next(std::size_t limit);

    /// The columns of the file except the id; for JSONL the keys.
    const std::vector<std::string>& columns() const { return reader_->fields(); }

private:
    Query read(const CatalogRecord& record) const;
    void add_pictures(const CatalogRecord& record, Query& query) const;

    bool from_stdin_;
    std::unique_ptr<CatalogReader> reader_;
    std::optional<PictureFinder> finder_;
};

/// Number of queries of a file that are answered together.
inline std::size_t query_window(const RankingOptions& options) {
    constexpr std::size_t kWindow = 1024;
    return options.batch ? std::numeric_limits<std::size_t>::max() : kWindow;
}

}  // namespace pmatch
