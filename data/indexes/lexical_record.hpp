/// Whether a collection's lexical (BM25) indexes are up to date.
#pragma once

#include <string>

#include "data/collection/collection.hpp"
#include "data/collection/lexical_names.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Hash of the rows of a source and their contents: an index with the same stamp is up to date.
std::string text_stamp(const Items& items, const Source& source);

/// Whether the texts are those that the index was built from.
bool is_current(const Manifest& manifest, const LexicalRecord& index);

/// Whether the items may have texts of it: a field may be gone.
bool has_source(const Manifest& manifest, const Source& source);

/// What a user's word denotes: "code" is the captions of that name where the items have no such
/// column.
Source source_named(const Manifest& manifest, const std::string& word);

/// Whether any item has a text of the source, so that an index of it can be built.
bool has_texts(const Collection& collection, const Manifest& manifest, const Source& source);

/// For a manifest with new items: marks indexes as current if their texts did not change.
void keep_current_lexical(const Collection& collection, Manifest& next);

}  // namespace pmatch
