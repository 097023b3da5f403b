/// The part of pmatch that includes torch is a separate shared library, opened when the first
/// encoder is needed: torch's static initialisation takes a third of a second, and most commands do
/// not use it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/files/companion_library.hpp"
#include "models/captioner/caption_network.hpp"
#include "models/runtime/module.hpp"
#include "models/runtime/pixel_network.hpp"

namespace pmatch {

/// Functions exported by the library through its only symbol, pmatch_torch.
struct TorchFunctions {
    const char* stamp;        ///< identifies its sources; checked before everything else
    const char* torch_built;  ///< the version of torch it was compiled with, "2.13.0"
    const char* torch_found;  ///< the version of the loaded libtorch

    int (*cuda_devices)();
    void (*set_threads_of_a_pass)(int threads);
    std::unique_ptr<Module> (*load_module)(const std::filesystem::path& file, const Device& device,
                                           Module::For kind, Precision precision);
    std::unique_ptr<CaptionNetwork> (*load_caption_network)(const CaptionPackage& package,
                                                            const NetworkFiles& files,
                                                            const NetworkOptions& options);
    std::unique_ptr<PixelNetwork> (*load_pixel_network)(const std::filesystem::path& file,
                                                        const Device& device, Precision precision);
};

inline constexpr CompanionLibrary kTorchLibrary{"libpmatch_torch.so", "pmatch_torch",
                                                "runs networks"};

/// Opens the library on first use. Throws Error if it is missing, cannot be loaded, or belongs to
/// another version of pmatch or torch. Thread-safe.
const TorchFunctions& torch_library();

/// Whether the library has been opened.
bool torch_is_open();

/// The version in torch/version.py of a torch wheel, "2.13.0+cpu"; empty if there is no such file,
/// as in a libtorch without Python.
std::string torch_version_in(const std::filesystem::path& directory);

/// Whether two versions are equal up to the plus sign, after which the build variant follows.
bool same_torch(std::string_view a, std::string_view b);

}  // namespace pmatch
