#include "core/files/companion_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <system_error>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_to_load(const CompanionLibrary& library, const fs::path& file) {
    const char* reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): per thread
    const std::string_view text = reason == nullptr ? "no reason given" : reason;
    // The loader has only messages, no error codes.
    const auto says = [&](std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(), [&](const char* some) {
            return text.find(some) != std::string_view::npos;
        });
    };
    const bool memory = says({"allocate memory", "map segment", "enough space"});
    throw SystemError{fmt::format("{}the library that {} cannot be loaded: {}",
                                  memory ? "not enough memory: " : "", library.does, text),
                      file,
                      memory || says({"Too many open files"})
                          ? "give it more memory or open files (ulimit -a)"
                          : "run scripts/setup.sh and build pmatch again"};
}

fs::path program_directory() {
    std::error_code failed;
    const auto program = fs::read_symlink("/proc/self/exe", failed);
    return failed ? fs::current_path() : program.parent_path();
}

}  // namespace

fs::path companion_file(const CompanionLibrary& library, const fs::path& directory) {
    const auto beside = directory / library.file;
    const auto installed = directory.parent_path() / "lib" / "pmatch" / library.file;
    std::error_code ignored;
    return !fs::exists(beside, ignored) && fs::exists(installed, ignored) ? installed : beside;
}

fs::path companion_file(const CompanionLibrary& library) {
    auto file = companion_file(library, program_directory());
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        throw SystemError{
            fmt::format("the library that {} is missing", library.does), file,
            "build pmatch again, or copy the library from beside the program it was built "
            "with"};
    }
    return file;
}

const void* open_companion(const CompanionLibrary& library, int flags) {
    const auto file = companion_file(library);
    void* const opened = ::dlopen(file.c_str(), flags);
    if (opened == nullptr) refuse_to_load(library, file);
    const auto table = reinterpret_cast<const void* (*)()>(::dlsym(opened, library.symbol));
    if (table == nullptr) refuse_to_load(library, file);
    return table();
}

void check_companion_stamp(const CompanionLibrary& library, std::string_view found,
                           std::string_view wanted) {
    if (found == wanted) return;
    throw SystemError{fmt::format("the library that {} is of pmatch {}, this is pmatch {}",
                                  library.does, found, wanted),
                      companion_file(library),
                      "copy the library from beside the program it was built with"};
}

}  // namespace pmatch
