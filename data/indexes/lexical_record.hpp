/// What a collection records of its lexical (BM25) indexes.
#pragma once

#include <string>

#include "data/collection/collection.hpp"
#include "data/collection/lexical_names.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Hash of the rows of a source and their contents: equal stamps mean an index is up to date.
std::string text_stamp(const Items& items, const Source& source);

/// The texts are those that the index was built from.
bool is_current(const Manifest& manifest, const LexicalRecord& index);

/// For a manifest with new items: indexes whose texts are still the same stay current.
void keep_current_lexical(const Collection& collection, Manifest& next);

}  // namespace pmatch
