/// Name and version of every file format, with its history.
#pragma once

#include <string_view>

namespace pmatch {

/// A reader takes versions oldest_readable..current; a writer writes current.
struct Schema {
    std::string_view name;
    int oldest_readable;
    int current;
};

// 1: first version.
inline constexpr Schema kCollectionSchema{"pmatch.collection", 1, 1};
// 1: first version.
inline constexpr Schema kItemsSchema{"pmatch.items", 1, 1};
// 1: first version.
inline constexpr Schema kEmbeddingsSchema{"pmatch.embeddings", 1, 1};
// 1: first version.
inline constexpr Schema kIndexSchema{"pmatch.index", 1, 1};
// 1: first version.
inline constexpr Schema kBm25Schema{"pmatch.bm25", 1, 1};
// 1: first version.
inline constexpr Schema kModelSchema{"pmatch.model", 1, 1};

/// Throws Error unless `name` is the schema's and `version` is one this pmatch reads.
void check_schema(const Schema& schema, std::string_view name, int version, std::string_view file);

}  // namespace pmatch
