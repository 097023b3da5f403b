/// What a collection records of its lexical (BM25) indexes.
#pragma once

#include <string>

#include "data/collection.hpp"
#include "data/items.hpp"

namespace pmatch {

/// "<source>.<analyser>": the index's name in the manifest and on the command line.
std::string lexical_name(const Source& source, const std::string& analyser);

/// "indexes/<source>.<analyser>.bm25"; what is no plain name in a field's name is written as %XX.
/// Throws UsageError when that is too long for a file name.
std::string lexical_file(const Source& source, const std::string& analyser);

/// Hash of the rows of a source and their contents: equal stamps mean an index is up to date.
std::string text_stamp(const Items& items, const Source& source);

/// The texts are those that the index was built from.
bool is_current(const Manifest& manifest, const LexicalRecord& index);

/// For a manifest with new items: indexes whose texts are still the same stay current.
void keep_current_lexical(const Collection& collection, Manifest& next);

/// The command that makes the index again.
Command lexical_command(const std::filesystem::path& directory, const LexicalRecord& index);

}  // namespace pmatch
