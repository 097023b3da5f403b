#include "models/torch/torch_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "core/common/error.hpp"
#include "models/torch/torch_stamp.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBuildAgain = "run scripts/setup.sh and build pmatch again";

std::atomic<const TorchFunctions*> opened = nullptr;  // NOLINT(*-global-variables)
std::atomic<int> threads_wanted = 0;                  // NOLINT(*-global-variables)

/// torch and FAISS use different BLAS libraries with the same symbol names, and by default the
/// program's would serve both: forward passes are then a fifth slower and compete for threads. With
/// RTLD_DEEPBIND torch resolves its own symbols first. But it would also prefer libc's malloc to
/// that of a sanitizer or a preloaded allocator, and free memory with the wrong one: in that case
/// DEEPBIND is not used, and torch is slower.
int open_flags() {
    constexpr int kPlain = RTLD_NOW | RTLD_LOCAL;
#ifdef RTLD_DEEPBIND
    void* const libc = ::dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (libc == nullptr) return kPlain;
    const bool own = ::dlsym(libc, "malloc") == ::dlsym(RTLD_DEFAULT, "malloc");
    ::dlclose(libc);
    if (own) return kPlain | RTLD_DEEPBIND;
#endif
    return kPlain;
}

/// The linker copies std::cerr and the like from libstdc++ into the program, where they are
/// constructed. A library opened with RTLD_DEEPBIND sees those of libstdc++, which are not
/// constructed, and would crash at its first warning. Both write to the same buffers.
void make_the_other_streams() {
    void* const library = ::dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return;
    const auto make = [&](const char* name, std::ostream& stream) {
        void* const other = ::dlsym(library, name);
        if (other != nullptr && other != &stream) new (other) std::ostream(stream.rdbuf());
    };
    make("_ZSt4cout", std::cout);
    make("_ZSt4cerr", std::cerr);
    make("_ZSt4clog", std::clog);
    ::dlclose(library);
}

Error other_torch(std::string_view found, const fs::path& where) {
    return {fmt::format("pmatch was built with torch {}, and finds torch {}", kTorchVersion, found),
            where, kBuildAgain};
}

[[noreturn]] void refuse_to_load(const fs::path& file) {
    const char* reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): per thread
    const std::string_view text = reason == nullptr ? "no reason given" : reason;
    // The loader has only messages, no error codes.
    const auto says = [&](std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(), [&](const char* some) {
            return text.find(some) != std::string_view::npos;
        });
    };
    const bool memory = says({"allocate memory", "map segment", "enough space"});
    throw Error{fmt::format("{}the library that runs networks cannot be loaded: {}",
                            memory ? "not enough memory: " : "", text),
                file,
                memory || says({"Too many open files"})
                    ? "give it more memory or open files (ulimit -a)"
                    : kBuildAgain};
}

fs::path program_directory() {
    std::error_code failed;
    const auto program = fs::read_symlink("/proc/self/exe", failed);
    return failed ? fs::current_path() : program.parent_path();
}

const TorchFunctions& open_library() {
    const auto file = torch_library_file(program_directory());
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        throw Error{"the library that runs networks is missing", file,
                    "build pmatch again, or copy the library from beside the program it was built "
                    "with"};
    }
    // Checked before loading: the constructors of another version may crash.
    const fs::path torch = kTorchDirectory;
    if (const auto found = torch_version_in(torch);
        !found.empty() && !same_torch(found, kTorchVersion)) {
        throw other_torch(found, torch);
    }
    make_the_other_streams();
    void* const library = ::dlopen(file.c_str(), open_flags());
    if (library == nullptr) refuse_to_load(file);
    const auto symbol =
        reinterpret_cast<const TorchFunctions* (*)()>(::dlsym(library, kTorchSymbol));
    if (symbol == nullptr) refuse_to_load(file);
    // Never closed: its objects are in use until the program ends.
    const auto& functions = *symbol();
    if (std::string_view(functions.stamp) != kTorchStamp) {
        throw Error{fmt::format("the library that runs networks is of pmatch {}, this is pmatch {}",
                                functions.stamp, kTorchStamp),
                    file, "copy the library from beside the program it was built with"};
    }
    if (!same_torch(functions.torch_built, functions.torch_found)) {
        throw other_torch(functions.torch_found, file);
    }
    // Without a number torch uses its default.
    if (const int threads = threads_wanted; threads > 0) functions.set_threads_of_a_pass(threads);
    opened = &functions;
    return functions;
}

}  // namespace

const TorchFunctions& torch_library() {
    static const TorchFunctions& functions = open_library();
    return functions;
}

bool torch_is_open() {
    return opened != nullptr;
}

fs::path torch_library_file(const fs::path& directory) {
    const auto beside = directory / kTorchLibrary;
    const auto installed = directory.parent_path() / "lib" / "pmatch" / kTorchLibrary;
    std::error_code ignored;
    return !fs::exists(beside, ignored) && fs::exists(installed, ignored) ? installed : beside;
}

std::string torch_version_in(const fs::path& directory) {
    constexpr std::string_view kKey = "__version__ = ";
    std::ifstream file(directory / "version.py");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(kKey)) continue;
        const auto begin = kKey.size() + 1;  // after the quotation mark
        const auto end = line.find_last_of("'\"");
        if (end != std::string::npos && end > begin) return line.substr(begin, end - begin);
    }
    return {};
}

bool same_torch(std::string_view a, std::string_view b) {
    return a.substr(0, a.find('+')) == b.substr(0, b.find('+'));
}

int cuda_devices() {
    return torch_library().cuda_devices();
}

void set_threads_of_a_pass(int threads) {
    if (const auto* functions = opened.load()) {
        functions->set_threads_of_a_pass(threads);
    } else {
        threads_wanted = threads;
    }
}

std::unique_ptr<Module> load_module(const fs::path& file, const Device& device, Module::For kind,
                                    Precision precision) {
    return torch_library().load_module(file, device, kind, precision);
}

std::unique_ptr<CaptionNetwork> load_caption_network(const CaptionPackage& package,
                                                     const NetworkOptions& options) {
    const NetworkFiles files{package.package.verified_file(package.vision),
                             package.package.verified_file(package.decoder)};
    return torch_library().load_caption_network(package, files, options);
}

}  // namespace pmatch
