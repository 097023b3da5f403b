/// Name and version of every file format, with its history.
#pragma once

#include <string_view>

namespace pmatch {

/// A reader takes versions oldest_readable..current; a writer writes current. A version counts up
/// when a field is added on which a reader leans: from then on it is required, and its absence is
/// damage. tests/fixtures/v<N>/ keeps a file of every version, each of which stays readable.
struct Schema {
    std::string_view name;
    int oldest_readable;
    int current;
};

// 1: items, spaces, indexes, files. Under the same number came later what may therefore lack:
//    lexical indexes, what an index does not cover (items, missing), captions. An index's keys,
//    too; they lack as long as the index is not built again.
// 2: all of these are there, but captions only where there are some; those say a command. Files of
//    captions are lines alone, without a number of their own: this one counts for them.
inline constexpr Schema kCollectionSchema{"pmatch.collection", 1, 2};
// 1: first version.
inline constexpr Schema kItemsSchema{"pmatch.items", 1, 1};
// 1: first version; the attribute `command` is empty where nobody said it.
inline constexpr Schema kEmbeddingsSchema{"pmatch.embeddings", 1, 1};
// 1: a list alone, and so no number.
// 2: the list says what it is.
inline constexpr Schema kStagedSchema{"pmatch.staged", 1, 2};
// 1: layout, parameters, recall. Under the same number came later, for indexes that are extended,
//    what may therefore lack: dead, trained, precision.
// 2: all of these are there.
inline constexpr Schema kIndexSchema{"pmatch.index", 1, 2};
// 1: first version.
inline constexpr Schema kBm25Schema{"pmatch.bm25", 1, 1};
// 1: first version. What came later has a meaning where it lacks (channels, precision_loss, a seal,
//    more about golden examples), so that packages need not be exported again.
inline constexpr Schema kModelSchema{"pmatch.model", 1, 1};
// 1: first version, which a file need not say.
inline constexpr Schema kPresetSchema{"pmatch.preset", 1, 1};

/// Throws Error unless `name` is the schema's and `version` is one this pmatch reads.
void check_schema(const Schema& schema, std::string_view name, int version, std::string_view file);

}  // namespace pmatch
