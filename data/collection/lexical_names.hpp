/// What lexical (BM25) indexes are called, and the command that makes one.
#pragma once

#include <filesystem>
#include <string>

#include "core/common/remedy.hpp"
#include "core/common/source.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// "<source>.<analyser>": the index's name in the manifest and on the command line.
std::string lexical_name(const Source& source, const std::string& analyser);

/// "indexes/<source>.<analyser>.bm25"; what is no plain name in a field's name is written as %XX.
/// Throws UsageError when that is too long for a file name.
std::string lexical_file(const Source& source, const std::string& analyser);

/// The command that makes the index again.
Command lexical_command(const std::filesystem::path& directory, const LexicalRecord& index);

}  // namespace pmatch
