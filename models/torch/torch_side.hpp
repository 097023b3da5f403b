/// Declares the functions exported through torch_library.hpp, for files that include torch's
/// headers.
#pragma once

#include <filesystem>
#include <memory>

#include "models/captioner/caption_network.hpp"
#include "models/runtime/module.hpp"
#include "models/runtime/pixel_network.hpp"

namespace pmatch::torch_side {

int cuda_devices();
void set_threads_of_a_pass(int threads);
std::unique_ptr<Module> load_module(const std::filesystem::path& file, const Device& device,
                                    Module::For kind, Precision precision);
std::unique_ptr<CaptionNetwork> load_caption_network(const CaptionPackage& package,
                                                     const NetworkFiles& files,
                                                     const NetworkOptions& options);
std::unique_ptr<PixelNetwork> load_pixel_network(const std::filesystem::path& file,
                                                 const Device& device, Precision precision);

}  // namespace pmatch::torch_side
