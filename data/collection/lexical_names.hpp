/// Names of lexical (BM25) indexes, and the commands that create one and the list of identifiers.
#pragma once

#include <filesystem>
#include <string>

#include "core/common/remedy.hpp"
#include "core/common/source.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// "<source>.<analyser>": the index's name in the manifest and on the command line.
std::string lexical_name(const Source& source, const std::string& analyser);

/// "indexes/<source>.<analyser>.bm25"; special characters of a field's name are encoded as %XX.
/// Throws UsageError if the result is too long for a file name.
std::string lexical_file(const Source& source, const std::string& analyser);

/// The command that rebuilds the index.
Command lexical_command(const std::filesystem::path& directory, const LexicalRecord& index);

/// The command that rebuilds the list of identifiers.
Command exact_command(const std::filesystem::path& directory, const ExactRecord& list);

}  // namespace pmatch
