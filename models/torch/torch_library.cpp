#include "models/torch/torch_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <iostream>
#include <new>
#include <string_view>

#include "core/common/error.hpp"
#include "core/files/companion_library.hpp"
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

const TorchFunctions& open_library() {
    const auto file = companion_file(kTorchLibrary);
    // Checked before loading: the constructors of another version may crash.
    const fs::path torch = kTorchDirectory;
    if (const auto found = torch_version_in(torch);
        !found.empty() && !same_torch(found, kTorchVersion)) {
        throw other_torch(found, torch);
    }
    make_the_other_streams();
    const auto& functions =
        *static_cast<const TorchFunctions*>(open_companion(kTorchLibrary, open_flags()));
    check_companion_stamp(kTorchLibrary, functions.stamp, kTorchStamp);
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

std::unique_ptr<PixelNetwork> load_pixel_network(const fs::path& file, const Device& device,
                                                 Precision precision) {
    return torch_library().load_pixel_network(file, device, precision);
}

}  // namespace pmatch
