/// Shared libraries that belong to the program and are opened when they are first needed: what only
/// some commands use should cost the others nothing.
#pragma once

#include <filesystem>
#include <string_view>

namespace pmatch {

struct CompanionLibrary {
    const char* file;    ///< "libpmatch_torch.so"
    const char* symbol;  ///< its only export: a function without arguments that returns its table
    const char* does;    ///< for people: "runs networks"
};

/// Path of the library for a program in `directory`: beside it in a build, in ../lib/pmatch if
/// installed. If neither exists, the expected path.
std::filesystem::path companion_file(const CompanionLibrary& library,
                                     const std::filesystem::path& directory);

/// The same for this program. Throws SystemError, like all below, if there is no such file: no
/// input is to blame for it.
std::filesystem::path companion_file(const CompanionLibrary& library);

/// The library's table of functions. Throws if it cannot be loaded. It is never closed: its
/// objects are in use until the program ends. `flags` as for dlopen().
const void* open_companion(const CompanionLibrary& library, int flags);

/// Throws unless the stamps, which say what sources program and library were built from, are
/// equal.
void check_companion_stamp(const CompanionLibrary& library, std::string_view found,
                           std::string_view wanted);

}  // namespace pmatch
