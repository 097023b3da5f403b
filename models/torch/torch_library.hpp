/// The part of pmatch that includes torch is a shared library of its own, opened when the first
/// encoder is wanted: torch's constructors alone take a third of a second, and most commands need
/// none of it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "models/captioner/caption_network.hpp"
#include "models/runtime/module.hpp"

namespace pmatch {

/// What the library hands out by its only symbol, pmatch_torch.
struct TorchFunctions {
    const char* stamp;        ///< of the sources it was built from; looked at before all else
    const char* torch_built;  ///< the version of torch it was compiled with, "2.13.0"
    const char* torch_found;  ///< the version of the libtorch that was loaded with it

    int (*cuda_devices)();
    void (*set_threads_of_a_pass)(int threads);
    std::unique_ptr<Module> (*load_module)(const std::filesystem::path& file, const Device& device,
                                           Module::For kind, Precision precision);
    std::unique_ptr<CaptionNetwork> (*load_caption_network)(const CaptionPackage& package,
                                                            const NetworkFiles& files,
                                                            const NetworkOptions& options);
};

inline constexpr const char* kTorchLibrary = "libpmatch_torch.so";
inline constexpr const char* kTorchSymbol = "pmatch_torch";

/// Opens the library if nothing has yet. Throws Error when it is missing, cannot be loaded, or
/// belongs to another pmatch or another torch. Safe from many threads.
const TorchFunctions& torch_library();

/// Whether it has been opened.
bool torch_is_open();

/// Where the library of a program in `directory` is: beside it, as it is built, or in
/// ../lib/pmatch, as it is installed. Where it should be if it is nowhere.
std::filesystem::path torch_library_file(const std::filesystem::path& directory);

/// What torch/version.py in the directory of a torch wheel says, "2.13.0+cpu"; empty when there is
/// no such file, as in a libtorch without Python.
std::string torch_version_in(const std::filesystem::path& directory);

/// Whether two versions differ in more than what stands behind the plus sign, the kind of build.
bool same_torch(std::string_view a, std::string_view b);

}  // namespace pmatch
