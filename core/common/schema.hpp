/// Name and version of every file format, with its history.
#pragma once

#include <string_view>

namespace pmatch {

/// A reader accepts versions oldest_readable..current; a writer writes current. The version is
/// increased when readers come to depend on a new field: from then on the field is required, and
/// its absence is damage. tests/fixtures/v<N>/ keeps a file of every version, and each stays
/// readable.
struct Schema {
    std::string_view name;
    int oldest_readable;
    int current;
};

// 1: items, spaces, indexes, files. Added later under the same number, so possibly absent: lexical
//    indexes, what an index does not cover (items, missing), captions, an index's keys (absent
//    until the index is built again).
// 2: all of these are present (captions only if there are any, then with their command). Caption
//    files are JSON lines without a version of their own: this one covers them.
// 3: fields that are text and number, or identifiers; lists of identifiers; whether texts are read
//    as HTML (absent in collections begun earlier: as stored). Added later under the same number,
//    so possibly absent: readings, which are captions of other names.
inline constexpr Schema kCollectionSchema{"pmatch.collection", 1, 3};
// 1: first version.
inline constexpr Schema kItemsSchema{"pmatch.items", 1, 1};
// 1: first version; the attribute `command` is empty if unknown.
// 2: the attributes `element` (float32 or uint8) and `vectors` (one, or variable with a dataset
//    `ends`); in version 1 float32 and one.
inline constexpr Schema kEmbeddingsSchema{"pmatch.embeddings", 1, 2};
// 1: a bare list without a version number.
// 2: the list states its schema.
// 3: shard, rows of a window, checksum of the items; lists of captions.
inline constexpr Schema kStagedSchema{"pmatch.staged", 1, 3};
// 1: layout, parameters, recall. Added later under the same number for indexes that are extended,
//    so possibly absent: dead, trained, precision.
// 2: all of these are present.
inline constexpr Schema kIndexSchema{"pmatch.index", 1, 2};
// 1: first version.
inline constexpr Schema kBm25Schema{"pmatch.bm25", 1, 1};
// 1: first version.
inline constexpr Schema kIdentifierSchema{"pmatch.exact", 1, 1};
// 1: first version. Fields added later (channels, precision_loss, a seal, details of golden
//    examples) have a default, so that packages need not be exported again.
inline constexpr Schema kModelSchema{"pmatch.model", 1, 1};
// 1: first version; files may omit it.
inline constexpr Schema kPresetSchema{"pmatch.preset", 1, 1};

/// Throws Error unless `name` is the schema's name and this pmatch reads `version`.
void check_schema(const Schema& schema, std::string_view name, int version, std::string_view file);

}  // namespace pmatch
